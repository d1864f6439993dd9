"""The documents behind the page, put together from every source that answers; the others are named with the reason."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, TypeVar

import aiohttp

from faas.dashboard.autoscaler import Autoscaler, Decisions
from faas.dashboard.functions import Status, row, usages
from faas.dashboard.journal import Journal, explain
from faas.dashboard.prometheus import Prometheus, Span
from faas.dashboard.queues import Broker, by_function, shared
from faas.dashboard.source import Source, Unknown

T = TypeVar("T")
Document = dict[str, Any]

# As many points as a chart has room for.
_POINTS = 180
_SHORTEST_STEP = 5
_SPARK = 15 * 60, 30
# What one function's page draws, each as a mean over this long or over two steps.
_COURSES = ("load", "replicas", "rate", "p95", "errors", "in_flight", "queued")
_MEAN = 60
# What the list shows besides the course of the calls.
_MEANS = ("rate", "errors", "p95", "delivered", "retried")
_LONG_MEAN = "5m"
_CHANGES = 60


class Dashboard:
    """What the page is told."""

    def __init__(self, http: aiohttp.ClientSession, *, stack: str, woken: Callable[[], Collection[str]]) -> None:
        """`woken` names the functions that a call has just woken."""
        self.journal = Journal(woken)
        self._stack = stack
        self._autoscaler = Autoscaler(Source(http, "The autoscaler", "http://autoscaler:9102"))
        self._prometheus = Prometheus(Source(http, "Prometheus", "http://prometheus:9090"))
        self._broker = Broker(Source(http, "RabbitMQ", "http://rabbitmq:15692"))

    async def now(self, statuses: Sequence[Status]) -> Document:
        """Tell about this moment: every function, every queue, the last changes."""
        missing: dict[str, str] = {}
        verdicts, changes, queues = await asyncio.gather(
            _told(self._autoscaler.verdicts(), {}, "autoscaler", missing),
            self._changes(missing),
            _told(self._broker.queues(), {}, "queues", missing),
        )
        names = [status["name"] for status in statuses]
        return {
            "at": time.time(),
            "stack": self._stack,
            "functions": [row(status, verdicts.get(status["name"])) for status in statuses],
            "queues": by_function(queues, names),
            "shared_queues": shared(queues),
            "changes": changes[:_CHANGES],
            "missing": missing,
        }

    async def trends(self, statuses: Sequence[Status]) -> Document:
        """Tell how all functions have done: the course of the last quarter of an hour, means, and what they use."""
        missing: dict[str, str] = {}
        span = _span(*_SPARK)
        ask = self._prometheus
        course, *found = await asyncio.gather(
            _told(ask.course("rate", span), {}, "prometheus", missing),
            *(_told(ask.now(figure, over=_LONG_MEAN), {}, "prometheus", missing) for figure in _MEANS),
        )
        means = dict(zip(_MEANS, found, strict=True))
        if means["errors"] and not means["p95"]:
            missing["p95"] = "the gateway does not measure how long calls take"
        return {"course": course, "means": means, "usage": usages(statuses), "missing": missing}

    async def function(self, status: Status, *, minutes: int) -> Document:
        """Tell one function's story of the last while, and how it is deployed."""
        missing: dict[str, str] = {}
        name, span = status["name"], _span(minutes * 60)
        over = f"{max(_MEAN, 2 * span.step)}s"
        courses = [self._prometheus.course(figure, span, over=over, function=name) for figure in _COURSES]
        changes = await self._changes(missing)
        told = await asyncio.gather(*(_told(course, {}, "prometheus", missing) for course in courses))
        return {
            "status": status,
            "span": {"start": span.start, "end": span.end, "step": span.step},
            "courses": {figure: course.get(name) for figure, course in zip(_COURSES, told, strict=True)},
            "changes": [change for change in changes if change["function"] == name],
            "missing": missing,
        }

    async def _changes(self, missing: dict[str, str]) -> list[Document]:
        decisions = await _told(self._autoscaler.decisions(), Decisions(), "autoscaler", missing)
        return explain(self.journal.changes, decisions, since=self.journal.since)


async def _told(asking: Awaitable[T], otherwise: T, source: str, missing: dict[str, str]) -> T:
    """Return the answer, or note why there is none."""
    try:
        return await asking
    except Unknown as reason:
        missing[source] = str(reason)
        return otherwise


def _span(seconds: int, step: int | None = None) -> Span:
    """The last while. Its moments stay the same from one look to the next, so that a chart does not tremble."""
    step = step or max(_SHORTEST_STEP, math.ceil(seconds / _POINTS))
    end = int(time.time()) // step * step
    return Span(end - seconds, end, step)
