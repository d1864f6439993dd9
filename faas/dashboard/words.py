"""Why a function has the replicas that it has, in words. Pure; `verdict` is as the autoscaler writes it."""

from collections.abc import Callable, Mapping
from typing import Any

Verdict = Mapping[str, Any]
Sentence = Callable[[Verdict], str]

_UNITS = {"rps": ("call a second", "calls a second"), "capacity": ("call at once", "calls at once")}


def why_changed(verdict: Verdict) -> str:
    """Say why the autoscaler changed the number of replicas."""
    return _CHANGED.get(verdict["reason"], _other)(verdict)


def why_kept(verdict: Verdict) -> str:
    """Say why the number is what it is."""
    return _KEPT.get(verdict["reason"], _other)(verdict)


def duration(seconds: float) -> str:
    """Write a time the way people say it."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:g} s"


def number(value: float) -> str:
    """Write a figure with as many digits as somebody reads."""
    return f"{value:.0f}" if value >= 100 else f"{round(value, 1):g}"


def carried(policy: Mapping[str, Any]) -> float:
    """How much load one replica takes before another is wanted."""
    return float(policy["target"]) * float(policy["proportion"])


def load(verdict: Verdict) -> float:
    """The load in the unit that the function is scaled by."""
    seen = verdict["load"]
    return float(seen["rps"] if verdict["policy"]["kind"] == "rps" else seen["in_flight"] + seen["queued"])


def _load(verdict: Verdict) -> str:
    """The load with its unit: `11.5 calls at once (3 of them waiting)`."""
    amount, (one, many) = load(verdict), _UNITS.get(verdict["policy"]["kind"], ("", ""))
    waiting = verdict["load"]["queued"] if verdict["policy"]["kind"] == "capacity" else 0
    text = f"{number(amount)} {one if number(amount) == '1' else many}"
    return f"{text} ({number(waiting)} of them waiting)" if waiting >= 0.5 else text


def _needed(verdict: Verdict) -> str:
    if number(load(verdict)) == "0":
        return f"hardly a call; {verdict['replicas']} is enough"
    return f"{_load(verdict)}; a replica takes {number(carried(verdict['policy']))}"


def _in_the_window(verdict: Verdict) -> str:
    return f"{verdict['replicas']} needed within the last {duration(verdict['policy']['window'])}"


def _because_of_the_window(verdict: Verdict) -> str:
    grows = verdict.get("from", verdict["replicas"]) < verdict["replicas"]
    return _in_the_window(verdict) if grows else f"no more than {_in_the_window(verdict)}"


def _at_maximum(verdict: Verdict) -> str:
    return f"at its maximum: {_load(verdict)} would need {verdict['recommended']}"


def _idle(verdict: Verdict) -> str:
    return f"no call for {duration(verdict['policy']['sleeps_after'])}"


def _other(verdict: Verdict) -> str:
    return str(verdict["reason"])


_BOTH: dict[str, Sentence] = {
    "load": _needed,
    "maximum": _at_maximum,
    "fixed": lambda _verdict: "its minimum and its maximum are the same",
    "idle": _idle,
}
_CHANGED: dict[str, Sentence] = _BOTH | {
    "window": _because_of_the_window,
    "minimum": lambda verdict: f"no more than its minimum, {_in_the_window(verdict)}",
}
_KEPT: dict[str, Sentence] = _BOTH | {
    "minimum": lambda verdict: f"{verdict['replicas']} is its minimum",
    "window": lambda verdict: f"kept: {_in_the_window(verdict)}",
    "asleep": lambda _verdict: "asleep; the next call wakes it",
    "unsupported": lambda _verdict: "left alone: scaling by cpu is not supported yet",
}
