"""All of HAProxy's workers: the one that takes connections, and those that are finishing theirs."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from faas.gateway.configuration import with_activators
from faas.gateway.counters import Counters
from faas.gateway.haproxy import HAProxyError, Master, Worker

log = logging.getLogger(__name__)

_FRESH = 5.0


class Workers:
    """Counts what the workers do, marks functions in each of them, and replaces the newest."""

    def __init__(self, master: Master, socket: Path, counters: Counters) -> None:
        """`socket` is that of the worker that takes new connections."""
        self._master = master
        self._socket = socket
        self._counters = counters
        self._present: list[Worker] = []
        self._taking: Worker | None = None
        self._meeting = asyncio.Lock()
        self._met_any = False
        self.counted_at = 0.0
        """Unix time of the last look at all workers."""

    @property
    def up(self) -> bool:
        """Tell whether HAProxy was seen within the last seconds."""
        return time.time() - self.counted_at < _FRESH

    async def count(self) -> None:
        """Add what every worker counted since the last time, and let those go that are done."""
        newest = await self._newest()
        for worker in list(self._present):
            try:
                await self._count(worker, leaving=worker is not newest)
            except HAProxyError as error:
                log.warning("lost a worker", extra={"reason": str(error)})
                self._counters.lose(worker.identity)
                self._leave(worker)
        if self._taking:
            self.counted_at = time.time()

    async def mark(self, map_name: str, marks: Mapping[str, str]) -> None:
        """Change entries of a map in all workers. Raises HAProxyError when the newest did not take them all."""
        newest = await self._newest()
        await _mark(newest, map_name, marks)
        for worker in [worker for worker in self._present if worker is not newest]:
            # A leaving worker may end at any moment, and may never have known the function.
            with suppress(HAProxyError):
                await _mark(worker, map_name, marks)

    async def replace(self, servers_file: Path, functions: Iterable[str]) -> None:
        """Reload: the next worker serves these functions, and begins with the addresses that the present one knows.

        Raises HAProxyError.
        """
        _write(servers_file, with_activators(await (await self._newest()).servers(), functions))
        await self._master.reload()
        self._taking = None
        await self._newest()

    async def _newest(self) -> Worker:
        async with self._meeting:
            if self._taking is None:
                self._taking = await self._meet()
            return self._taking

    async def _meet(self) -> Worker:
        worker = await Worker.meet(self._socket)
        for known in self._present:
            if known.identity == worker.identity:
                worker.leave()
                return known
        if not self._met_any:
            # What was counted before this agent began has been told by the one before it.
            self._counters.skip(worker.identity, await worker.figures())
        self._met_any = True
        self._present.append(worker)
        return worker

    async def _count(self, worker: Worker, *, leaving: bool) -> None:
        done = leaving and await worker.is_done()
        self._counters.observe(worker.identity, await worker.figures())
        if done:
            self._counters.forget(worker.identity)
            self._leave(worker)

    def _leave(self, worker: Worker) -> None:
        worker.leave()
        if worker in self._present:
            self._present.remove(worker)
        if worker is self._taking:
            self._taking = None


async def _mark(worker: Worker, map_name: str, marks: Mapping[str, str]) -> None:
    unknown = [key for key, value in marks.items() if not await worker.set_map(map_name, key, value)]
    if unknown:
        raise HAProxyError(f"worker {worker.identity} does not know {', '.join(unknown)}")


def _write(file: Path, text: str) -> None:
    file.write_text(text)
