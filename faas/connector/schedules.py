"""Times at which a function is due: five fields as cron has them, in UTC, or `@every 30s`. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cronsim import CronSim, CronSimError

from faas.durations import seconds

_EVERY = "@every "


@dataclass(frozen=True)
class Schedule:
    """A schedule as it was written; `every` is the interval in seconds when it is one."""

    text: str
    every: float | None = None

    def after(self, moment: datetime) -> datetime:
        """The first time that is due after a moment in UTC."""
        if self.every is not None:
            return moment + timedelta(seconds=self.every)
        return next(CronSim(self.text, moment))


def parse(text: str) -> Schedule:
    """Read a schedule. Raises ValueError saying what is wrong with it."""
    text = text.strip()
    if text.startswith(_EVERY):
        return Schedule(text, seconds(text.removeprefix(_EVERY).strip()))
    if len(text.split()) != 5:
        raise ValueError(f"schedule {text!r} has neither five fields nor @every")
    try:
        next(CronSim(text, datetime(2026, 1, 1)))  # noqa: DTZ001
    except (CronSimError, StopIteration) as error:
        raise ValueError(f"schedule {text!r}: {error or 'never comes'}") from error
    return Schedule(text)
