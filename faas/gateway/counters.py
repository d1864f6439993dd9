"""Adds up what HAProxy's workers counted, so that every figure only grows, whichever workers come and go. Pure."""

from collections import Counter
from dataclasses import replace
from operator import add, sub

from faas.gateway.haproxy import Durations, Figures, Load, Series

# Answered by the provider: a function that was deployed a moment ago has no backend yet.
_UNROUTED = "provider/"
_NOTHING = Figures({}, {})
_IDLE = Load(0, 0, 0)

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Upper bounds of the buckets that durations fall into, in seconds: upstream's. The last bucket has none."""


class Counters:
    """The sums by function."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.started: Counter[str] = Counter()
        """Calls that began, by function."""
        self.answered: dict[Series, Durations] = {}
        """Calls that were answered, by function and exact status."""
        self._last: dict[str, Figures] = {}

    @property
    def functions(self) -> list[str]:
        """Names of all functions that were ever seen, sorted."""
        return sorted(self.started)

    def skip(self, worker: str, figures: Figures) -> None:
        """Count this worker from here on."""
        self._last[worker] = figures

    def observe(self, worker: str, figures: Figures) -> None:
        """Add what the worker counted since it was observed last."""
        before = self._last.get(worker, _NOTHING)
        for name, load in figures.loads.items():
            self.started[name] += load.started - before.loads.get(name, _IDLE).started
        for series, durations in figures.answered.items():
            self._add(series, _difference(durations, before.answered.get(series)))
        self._last[worker] = figures

    def lose(self, worker: str) -> None:
        """The worker does not answer. If it comes back, what it counted before is not counted again."""
        if last := self._last.get(worker):
            resting = {name: replace(load, in_flight=0, queued=0) for name, load in last.loads.items()}
            self._last[worker] = Figures(resting, last.answered)

    def forget(self, worker: str) -> None:
        """The worker has ended and has nothing in flight any more."""
        self._last.pop(worker, None)

    def in_flight(self, name: str) -> int:
        """Calls that a replica or the activator has now."""
        return sum(load.in_flight for load in self._loads(name))

    def queued(self, name: str) -> int:
        """Calls that wait for a replica now."""
        return sum(load.queued for load in self._loads(name))

    def _loads(self, name: str) -> list[Load]:
        return [figures.loads.get(name, _IDLE) for figures in self._last.values()]

    def _add(self, series: Series, more: Durations) -> None:
        name = series.function.removeprefix(_UNROUTED)
        if name != series.function:
            self.started[name] += count(more)
        series = series._replace(function=name)
        before = self.answered.get(series)
        self.answered[series] = tuple(map(add, before, more)) if before else more


def count(durations: Durations) -> int:
    """How many calls they are."""
    return sum(durations[1:])


def _difference(now: Durations, before: Durations | None) -> Durations:
    return tuple(map(sub, now, before)) if before else now
