"""Timers in real time, in tenths of a second."""

import asyncio
from datetime import UTC, datetime, timedelta

from faas.connector.cron import Timers
from faas.connector.retries import Answer
from faas.connector.schedules import parse
from faas.connector.triggers import Trigger

EVERY_TENTH = {"expire": Trigger("expire", schedule=parse("@every 100ms"))}


class Function:
    """Takes `lasts` seconds and remembers when it was called, and how often at once."""

    def __init__(self, lasts: float = 0, status: int | None = 200) -> None:
        self.ticks: list[str] = []
        self.at_once = self.most_at_once = 0
        self._lasts = lasts
        self._status = status

    async def __call__(self, name: str, tick_id: str) -> Answer:
        self.ticks.append(tick_id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self._lasts)
        self.at_once -= 1
        return Answer(self._status)


def run(function: Function, *updates: dict[str, Trigger], each: float = 0.55) -> Function:
    async def story() -> None:
        timers = Timers(function)
        for triggers in updates:
            timers.update(triggers)
            await asyncio.sleep(each)
        timers.stop()

    asyncio.run(story())
    return function


def test_a_function_is_called_at_every_tick_with_an_id_of_its_own():
    function = run(Function(), EVERY_TENTH)
    assert 4 <= len(function.ticks) <= 5
    assert len(set(function.ticks)) == len(function.ticks)
    assert all(tick.startswith("expire-2") for tick in function.ticks)


def test_a_slow_function_never_runs_twice_at_once_and_makes_up_for_one_tick_only():
    function = run(Function(lasts=0.25), EVERY_TENTH, each=0.75)
    assert function.most_at_once == 1
    assert len(function.ticks) <= 3


def test_a_failed_call_does_not_end_the_timer():
    assert len(run(Function(status=None), EVERY_TENTH, each=1.5).ticks) >= 4


def test_a_removed_function_is_called_no_more():
    function = run(Function(), EVERY_TENTH, {}, each=0.35)
    assert 2 <= len(function.ticks) <= 3


def test_an_unchanged_timer_goes_on_undisturbed():
    updates = [dict(EVERY_TENTH) for _ in range(8)]
    assert len(run(Function(), *updates, each=0.07).ticks) >= 4


def test_a_clock_that_jumps_over_many_ticks_causes_one_call():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    times = iter([start])

    def now() -> datetime:
        return next(times, start + timedelta(hours=1))

    function = Function()

    async def story() -> None:
        timers = Timers(function, now)
        timers.update({"expire": Trigger("expire", schedule=parse("* * * * *"))})
        await asyncio.sleep(0.1)
        timers.stop()

    asyncio.run(story())
    assert function.ticks == ["expire-20260101T000100.000000Z"]
