"""Timers: calls functions at the times of their schedules, none while its last call is still running."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from faas.connector import metrics
from faas.connector.retries import Answer
from faas.connector.schedules import Schedule
from faas.connector.triggers import Trigger

# A sleep does not see that the clock was set or the machine suspended.
_LONGEST_SLEEP = 10

log = logging.getLogger(__name__)
Tick = Callable[[str, str], Awaitable[Answer]]


class Timers:
    """The timers of all functions that have a schedule; `call` takes a function's name and the tick's id."""

    def __init__(self, call: Tick, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._call = call
        self._now = now
        self._running: dict[tuple[str, Schedule], asyncio.Task[None]] = {}

    def update(self, triggers: Mapping[str, Trigger]) -> None:
        """Start the timers that are new, end those that are no longer wanted, leave the others alone."""
        wanted = {(name, trigger.schedule) for name, trigger in triggers.items() if trigger.schedule}
        for key in self._running.keys() - wanted:
            self._running.pop(key).cancel()
        for function, schedule in wanted - self._running.keys():
            self._running[function, schedule] = asyncio.create_task(self._run(function, schedule))

    def stop(self) -> None:
        """End all timers; a call that is on its way is given up, the next connector makes it again."""
        self.update({})

    async def _run(self, function: str, schedule: Schedule) -> None:
        seen = self._now()
        while True:
            due = schedule.after(seen)
            await self._sleep_until(due)
            # Counted from now, not from `due`: of ticks that passed meanwhile only one is made up for.
            seen = self._now()
            await self._tick(function, due)

    async def _sleep_until(self, due: datetime) -> None:
        while (left := (due - self._now()).total_seconds()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, _LONGEST_SLEEP))

    async def _tick(self, function: str, due: datetime) -> None:
        answer = await self._call(function, f"{function}-{due:%Y%m%dT%H%M%S.%fZ}")
        metrics.LAST_TICK.labels(function).set(self._now().timestamp())
        if answer.status is None or answer.status >= 300:
            metrics.FAILED_TICKS.labels(function).inc()
            log.warning("a timer's call failed", extra={"function": function, "reason": answer.reason})
