"""From what the gateways counted to the load of each function. Pure."""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from faas.autoscaler.decision import Load


@dataclass(frozen=True)
class Sample:
    """What one gateway had for one function at one moment."""

    in_flight: int
    queued: int
    requests: int
    """Since the gateway's start; a fall means that it started again."""


@dataclass(frozen=True)
class Look:
    """What one gateway had for all functions."""

    at: float
    """The gateway's own clock, in seconds."""
    functions: Mapping[str, Sample]


class History:
    """The looks of the last seconds at every gateway."""

    def __init__(self, span: float) -> None:
        """`span` is how many seconds a mean covers."""
        self._span = span
        self._looks: defaultdict[str, deque[Look]] = defaultdict(deque)

    def record(self, looks: Mapping[str, Look]) -> None:
        """Add a look at each gateway there is; those that are gone are forgotten."""
        for gateway in set(self._looks) - set(looks):
            del self._looks[gateway]
        for gateway, look in looks.items():
            past = self._looks[gateway]
            if past and look.at < past[-1].at:
                # Its clock was set back.
                past.clear()
            if not past or look.at != past[-1].at:
                past.append(look)
            # The one before the span is kept, because a rate needs a beginning.
            while len(past) > 2 and past[1].at <= look.at - self._span:
                past.popleft()

    @property
    def ready(self) -> bool:
        """Tell whether every gateway was looked at twice, so that there are rates."""
        return bool(self._looks) and all(len(past) > 1 for past in self._looks.values())

    def load(self, name: str) -> Load:
        """Add up what all gateways had for a function."""
        looks = [[(look.at, _sample(look, name)) for look in past] for past in self._looks.values()]
        return Load(
            in_flight=sum(_mean([sample.in_flight for _, sample in past[1:]]) for past in looks),
            queued=sum(_mean([sample.queued for _, sample in past[1:]]) for past in looks),
            rps=sum(_rate(past) for past in looks),
        )


def _sample(look: Look, name: str) -> Sample:
    return look.functions.get(name, Sample(0, 0, 0))


def _mean(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _rate(past: list[tuple[float, Sample]]) -> float:
    calls = sum(_growth(before.requests, now.requests) for (_, before), (_, now) in pairwise(past))
    return calls / (past[-1][0] - past[0][0]) if len(past) > 1 else 0.0


def _growth(before: int, now: int) -> int:
    return now - before if now >= before else now
