"""Adds up what HAProxy's workers counted, so that every figure only grows, whichever workers come and go. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from faas.gateway.haproxy import Figures


class Counters:
    """The sums by function."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.requests: Counter[str] = Counter()
        self.codes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._last: dict[int, Mapping[str, Figures]] = {}

    @property
    def functions(self) -> list[str]:
        """Names of all functions that were ever seen, sorted."""
        return sorted(self.requests)

    def skip(self, worker: int, figures: Mapping[str, Figures]) -> None:
        """Count this worker from here on."""
        self._last[worker] = figures

    def observe(self, worker: int, figures: Mapping[str, Figures]) -> None:
        """Add what the worker counted since it was observed last."""
        before = self._last.get(worker, {})
        for name, now in figures.items():
            then = before.get(name)
            self.requests[name] += now.requests - (then.requests if then else 0)
            codes = self.codes[name]
            for code, count in now.codes.items():
                codes[code] += count - (then.codes[code] if then else 0)
        self._last[worker] = figures

    def forget(self, worker: int) -> None:
        """The worker has ended: it has nothing in flight any more, and its number may come again."""
        self._last.pop(worker, None)

    def in_flight(self, name: str) -> int:
        """Calls that a replica or the activator has now."""
        return sum(figures[name].in_flight for figures in self._last.values() if name in figures)

    def queued(self, name: str) -> int:
        """Calls that wait for a replica now."""
        return sum(figures[name].queued for figures in self._last.values() if name in figures)
