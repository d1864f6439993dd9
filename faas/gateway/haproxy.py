"""The one door to HAProxy: its command lines and its check of a configuration.

A worker that was replaced lives until its last connection ends. The agent's own connection to it counts as one, so its
figures can be read to the very end, and nothing that it counted is lost.
"""

import asyncio
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_BACKENDS = "show stat -1 2 -1"
_PROMPT = b"\n> "
_PATIENCE = 5.0
_CALLS = "show calls"


class HAProxyError(Exception):
    """HAProxy cannot be reached, or refused what it was told."""


@dataclass(frozen=True)
class Load:
    """What one function has to do now, and how many calls began since the worker's start."""

    in_flight: int
    queued: int
    started: int


class Series(NamedTuple):
    """Calls that are counted together."""

    function: str
    code: str
    """The exact status."""


Durations = tuple[int, ...]
"""Microseconds of all calls together, then how many fell into each of the buckets."""


@dataclass(frozen=True)
class Figures:
    """What one worker does, and what it counted since its start."""

    loads: Mapping[str, Load]
    answered: Mapping[Series, Durations]


def flaw(configuration: Path) -> str | None:
    """Have HAProxy check a configuration; return what it says against it."""
    check = subprocess.run(["haproxy", "-c", "-f", configuration], capture_output=True, text=True, check=False)
    return check.stderr.strip() or "refused" if check.returncode else None


class Worker:
    """A standing connection to one worker's command line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Use `Worker.meet`."""
        self._reader, self._writer = reader, writer
        self._lock = asyncio.Lock()
        self.identity = ""
        """Process number and start: the number alone may come again."""

    @classmethod
    async def meet(cls, socket: Path) -> "Worker":
        """Connect to the worker that takes new connections. Raises HAProxyError."""
        try:
            worker = cls(*await asyncio.open_unix_connection(socket, limit=2**24))
        except OSError as error:
            raise HAProxyError(f"no HAProxy at {socket}: {error}") from error
        await worker.ask("prompt")
        info = _fields(await worker.ask("show info"))
        worker.identity = f"{info['Pid']}@{info['Start_time_sec']}"
        return worker

    async def ask(self, command: str) -> str:
        """Give a command and return its answer. Raises HAProxyError when the worker is gone."""
        async with self._lock:
            try:
                self._writer.write(f"{command}\n".encode())
                async with asyncio.timeout(_PATIENCE):
                    answer = await self._reader.readuntil(_PROMPT)
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                self.leave()
                raise HAProxyError(f"worker {self.identity} does not answer {command!r}") from error
        return answer.removesuffix(_PROMPT).decode()

    async def figures(self) -> Figures:
        """Count. Raises HAProxyError."""
        return Figures(read_loads(await self.ask(_BACKENDS)), read_calls(await self.ask(_CALLS)))

    async def servers(self) -> str:
        """Addresses and health of the known replicas, as the next worker reads them; empty slots are left out."""
        lines = (await self.ask("show servers state")).strip().splitlines()
        return "".join(f"{line}\n" for line in lines if line.split()[4:5] != ["-"])

    async def is_done(self) -> bool:
        """Tell whether it was replaced and has no client left."""
        info = _fields(await self.ask("show info"))
        return info["Stopping"] == "1" and info["CurrConns"] == "0"

    async def set_map(self, name: str, key: str, value: str) -> bool:
        """Change an entry of a map; False when the worker's map has no such key. Raises HAProxyError."""
        answer = (await self.ask(f"set map {name} {key} {value}")).strip()
        if answer and "not found" not in answer:
            raise HAProxyError(f"worker {self.identity}: {answer}")
        return not answer

    def leave(self) -> None:
        """Close the connection; a replaced worker without clients ends by that."""
        self._writer.close()


class Master:
    """The command line of the process that starts workers."""

    def __init__(self, socket: Path) -> None:
        """Nothing is connected yet."""
        self._socket = socket

    async def reload(self) -> None:
        """Start a worker with the configuration as it is now, and let the present ones end. Raises HAProxyError."""
        answer = await self._ask("reload")
        if not answer.startswith("Success=1"):
            raise HAProxyError(answer.strip() or "HAProxy did not answer the reload")

    async def _ask(self, command: str) -> str:
        try:
            reader, writer = await asyncio.open_unix_connection(self._socket)
            writer.write(f"{command}\n".encode())
            writer.write_eof()
            async with asyncio.timeout(_PATIENCE * 6):
                answer = await reader.read()
        except (OSError, TimeoutError) as error:
            raise HAProxyError(f"no HAProxy at {self._socket}: {error!r}") from error
        with suppress(OSError):
            writer.close()
        return answer.decode()


def read_loads(table: str) -> dict[str, Load]:
    """Read the answer to `show stat` for backends."""
    head, *rows = table.removeprefix("# ").strip().splitlines()
    column = {name: number for number, name in enumerate(head.split(","))}
    cells = (row.split(",") for row in rows)
    return {row[0][3:]: _load(row, column) for row in cells if row[0].startswith("fn-")}


def read_calls(lines: str) -> dict[Series, Durations]:
    """Read what `calls.lua` counted."""
    rows = (line.split() for line in lines.splitlines() if line)
    return {Series(name, code): tuple(map(int, durations)) for name, code, *durations in rows}


def _load(cells: list[str], column: Mapping[str, int]) -> Load:
    queued = int(cells[column["qcur"]])
    return Load(int(cells[column["scur"]]) - queued, queued, int(cells[column["stot"]]))


def _fields(answer: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in answer.splitlines() if ": " in line)
