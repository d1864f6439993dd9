"""`com.openfaas.scale.*` labels → how a function is to be scaled. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from faas.durations import seconds

T = TypeVar("T")

_PREFIX = "com.openfaas.scale."
# OpenFaaS' classic rule for functions that say nothing, and its defaults for those that name a type.
_CLASSIC_TARGET, _CLASSIC_PROPORTION = 5.0, 1.0
_TYPED_TARGET, _TYPED_PROPORTION = 50.0, 0.9
_LONGEST_WINDOW = 300.0


class Kind(StrEnum):
    """What a function's load is measured in."""

    RPS = "rps"
    """Calls a second."""
    CAPACITY = "capacity"
    """Calls at once, those that wait included."""
    CPU = "cpu"
    """Not supported yet."""


class BadLabel(ValueError):
    """A label that says nothing usable; its text tells which and why."""


@dataclass(frozen=True)
class Policy:
    """How one function is scaled. Times are in seconds."""

    kind: Kind = Kind.RPS
    target: float = _CLASSIC_TARGET
    """Load that one replica carries."""
    proportion: float = _CLASSIC_PROPORTION
    """Part of the target at which another replica is wanted."""
    minimum: int = 1
    maximum: int = 20
    window: float = 30.0
    """How long the highest need is remembered before replicas go."""
    sleeps: bool = False
    """It may go to zero replicas."""
    sleeps_after: float = 900.0
    """How long without a call."""

    @property
    def fixed(self) -> bool:
        """Minimum and maximum say the number of replicas, whatever the load."""
        return self.minimum == self.maximum and not self.sleeps


def policy_of(labels: Mapping[str, str]) -> Policy:
    """Read the labels. Raises BadLabel, and the function is then scaled by the defaults."""
    kind = _read(labels, "type", Kind, None)
    target, proportion = (_CLASSIC_TARGET, _CLASSIC_PROPORTION) if kind is None else (_TYPED_TARGET, _TYPED_PROPORTION)
    policy = Policy(
        kind=kind or Kind.RPS,
        target=_read(labels, "target", _positive, target),
        proportion=_read(labels, "target-proportion", _positive, proportion),
        minimum=_read(labels, "min", _count, Policy.minimum),
        maximum=_read(labels, "max", _count, max(Policy.maximum, _read(labels, "min", _count, 1))),
        window=min(_read(labels, "down.window", seconds, Policy.window), _LONGEST_WINDOW),
        sleeps=_read(labels, "zero", _flag, Policy.sleeps),
        sleeps_after=_read(labels, "zero-duration", seconds, Policy.sleeps_after),
    )
    if policy.minimum > policy.maximum:
        raise BadLabel(f"{_PREFIX}min {policy.minimum} is above {_PREFIX}max {policy.maximum}")
    return policy


def _read(labels: Mapping[str, str], name: str, read: Callable[[str], T], default: T) -> T:
    if (text := labels.get(_PREFIX + name)) is None:
        return default
    try:
        return read(text.strip())
    except ValueError as error:
        raise BadLabel(f"{_PREFIX}{name}: {error}") from error


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e9:
        raise ValueError(f'"{text}" is not a number above 0')
    return number


def _count(text: str) -> int:
    # Sleeping is asked for by `zero`; a minimum of 0 would otherwise mean the same by accident.
    return max(1, int(text))


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(f'"{text}" is neither true nor false')
    return text.lower() == "true"
