"""How many replicas a function should have, and why. Pure: time and load come as arguments."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil

from faas.autoscaler.labels import Kind, Policy

# Guards against 3.0000000001 replicas.
_EPSILON = 1e-9


@dataclass(frozen=True)
class Load:
    """What a function has to do, as the mean of the last seconds."""

    in_flight: float
    queued: float
    rps: float

    def measured_in(self, kind: Kind) -> float:
        """The figure that counts for this kind."""
        return self.rps if kind is Kind.RPS else self.in_flight + self.queued

    @property
    def idle(self) -> bool:
        """Nobody calls it."""
        return not (self.in_flight or self.queued or self.rps)


class Reason(StrEnum):
    """What set the number."""

    LOAD = "load"
    WINDOW = "window"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    FIXED = "fixed"
    ASLEEP = "asleep"
    IDLE = "idle"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Verdict:
    """The replicas a function should have."""

    replicas: int
    reason: Reason
    recommended: int
    """What the load of the moment alone asks for."""


class Window:
    """The recommendations of the last while; replicas go only when none of them was higher."""

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self._records: deque[tuple[float, int]] = deque()

    def add(self, now: float, replicas: int) -> None:
        """Remember a recommendation; lower ones before it can never be the highest again."""
        while self._records and self._records[-1][1] <= replicas:
            self._records.pop()
        self._records.append((now, replicas))

    def highest(self, now: float, span: float) -> int:
        """The highest of the last `span` seconds, 0 without any."""
        while self._records and self._records[0][0] < now - span:
            self._records.popleft()
        return self._records[0][1] if self._records else 0


@dataclass
class Memory:
    """What has to be remembered of one function."""

    busy: float
    """When it had load last; for a new one, when it was seen first."""
    replicas: int
    """What it had, or was given, at the last look."""
    window: Window = field(default_factory=Window)


def remember(memory: Memory | None, replicas: int, now: float) -> Memory:
    """Note the replicas that run. A number that is not this autoscaler's own stands for a whole window.

    So a restart takes nothing away, nor does it undo at once what an operator set.
    """
    if memory is None:
        memory = Memory(busy=now, replicas=-1)
    if replicas != memory.replicas:
        memory.window.add(now, replicas)
        if memory.replicas == 0:
            memory.busy = now
    memory.replicas = replicas
    return memory


def decide(load: Load, policy: Policy, memory: Memory, now: float) -> Verdict:
    """Give the verdict for a function with `memory.replicas` replicas, and remember the need."""
    if not load.idle:
        memory.busy = now
    needed = ceil(load.measured_in(policy.kind) / (policy.target * policy.proportion) - _EPSILON)
    if memory.replicas == 0:
        return Verdict(0, Reason.ASLEEP, needed)
    if policy.kind is Kind.CPU:
        return Verdict(memory.replicas, Reason.UNSUPPORTED, memory.replicas)
    if policy.fixed:
        return Verdict(policy.minimum, Reason.FIXED, needed)
    if policy.sleeps and now - memory.busy >= policy.sleeps_after:
        return Verdict(0, Reason.IDLE, needed)
    return _within_limits(needed, policy, memory.window, now)


def _within_limits(needed: int, policy: Policy, window: Window, now: float) -> Verdict:
    window.add(now, needed)
    highest = window.highest(now, policy.window)
    if highest > policy.maximum:
        return Verdict(policy.maximum, Reason.MAXIMUM, needed)
    if highest <= policy.minimum:
        return Verdict(policy.minimum, Reason.MINIMUM if needed < policy.minimum else Reason.LOAD, needed)
    return Verdict(highest, Reason.LOAD if highest == needed else Reason.WINDOW, needed)
