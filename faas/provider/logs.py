"""Functions' log lines, as faas-cli reads them."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from faas.provider.errors import Unprocessable
from faas.provider.names import NAMESPACE
from faas.provider.swarm import Swarm

_TASK = "com.docker.swarm.task.id"
# As much of a task's id as `docker service ps` shows.
_INSTANCE_LENGTH = 12
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class LogQuery:
    """Which lines are wanted."""

    name: str
    instance: str = ""
    follow: bool = False
    tail: int | None = None
    """That many of the last lines; all if None."""
    since: datetime | None = None


@dataclass(frozen=True)
class LogLine:
    """One line that a replica wrote."""

    instance: str
    timestamp: str
    """RFC 3339."""
    text: str


def parse_query(query: Mapping[str, str]) -> LogQuery:
    """Read the parameters of a request. Raises Unprocessable naming the one that is wrong."""
    if not query.get("name"):
        raise Unprocessable("name is missing")
    return LogQuery(
        name=query["name"],
        instance=query.get("instance", ""),
        follow=_flag(query.get("follow", "")),
        tail=_tail(query.get("tail", "")),
        since=_since(query.get("since", "")),
    )


def parse_line(line: bytes) -> LogLine:
    """Read what Docker writes: time, details (`key=value,…`), text."""
    timestamp, _, rest = line.decode(errors="replace").rstrip("\r\n").partition(" ")
    details, _, text = rest.partition(" ")
    pairs = dict(pair.split("=", 1) for pair in details.split(",") if "=" in pair)
    return LogLine(unquote(pairs.get(_TASK, ""))[:_INSTANCE_LENGTH], timestamp, text)


async def read_lines(swarm: Swarm, service_id: str, query: LogQuery) -> AsyncIterator[LogLine]:
    """Yield the lines: following, as they come; with a tail, in the order of time; else replica by replica."""
    lines = _matching(swarm, service_id, query)
    if query.tail is None or query.follow:
        async for line in lines:
            yield line
        return
    # Docker cuts every replica's lines, so there may be too many.
    found = sorted([line async for line in lines], key=lambda line: line.timestamp)
    for line in found[len(found) - min(query.tail, len(found)) :]:
        yield line


def remark(reason: str) -> LogLine:
    """Write why a function is not ready as a line of its log, which may have no other."""
    return LogLine("provider", datetime.now(UTC).isoformat().replace("+00:00", "Z"), f"not ready: {reason}")


def to_message(line: LogLine, *, name: str) -> dict[str, str]:
    """Write it as a client expects it."""
    return {
        "name": name,
        "namespace": NAMESPACE,
        "instance": line.instance,
        "timestamp": line.timestamp,
        "text": line.text,
    }


async def _matching(swarm: Swarm, service_id: str, query: LogQuery) -> AsyncIterator[LogLine]:
    options = {"follow": "1"} if query.follow else {}
    options |= {"tail": str(query.tail)} if query.tail is not None else {}
    options |= {"since": f"{query.since.timestamp():.6f}"} if query.since else {}
    async for raw in swarm.logs(service_id, **options):
        line = parse_line(raw)
        if line.instance.startswith(query.instance[:_INSTANCE_LENGTH]):
            yield line


def _flag(text: str) -> bool:
    if text.lower() not in ("", "0", "1", "t", "f", "true", "false"):
        raise Unprocessable(f'follow: "{text}" is neither true nor false')
    return text.lower() in ("1", "t", "true")


def _tail(text: str) -> int | None:
    if not re.fullmatch(r"(-?\d{1,9})?", text):
        raise Unprocessable(f'tail: "{text}" is no whole number')
    return int(text) if text and int(text) >= 0 else None


def _since(text: str) -> datetime | None:
    if text and not _RFC3339.fullmatch(text):
        raise Unprocessable(f'since: "{text}" is no time such as 2026-01-02T03:04:05Z')
    return datetime.fromisoformat(text.upper()) if text else None
