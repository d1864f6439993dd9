"""What happened to functions' replicas, and who wanted it."""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from faas.dashboard.autoscaler import Decision, Decisions
from faas.dashboard.words import why_changed

_REMEMBERED = 500
# Going to zero waits for all gateways between the decision and the change.
_LONGEST_SCALING = 20.0


class Cause(StrEnum):
    """Who wanted a change."""

    AUTOSCALER = "autoscaler"
    CALL = "call"
    REQUEST = "request"
    DEPLOYED = "deployed"
    REMOVED = "removed"
    UNKNOWN = "unknown"


_TEXTS = {
    Cause.CALL: "a call woke it",
    Cause.REQUEST: "somebody asked for it",
    Cause.DEPLOYED: "deployed",
    Cause.REMOVED: "removed",
    Cause.UNKNOWN: "the autoscaler does not remember why",
}


@dataclass(frozen=True)
class Change:
    """Another number of replicas."""

    at: float
    """Unix time."""
    function: str
    before: int
    after: int
    cause: Cause | None = None
    """None: the autoscaler or somebody with the operator's password, which its decisions will tell."""


class Journal:
    """Compares what each look at Swarm shows with what the last one did."""

    def __init__(self, woken: Callable[[], Collection[str]], clock: Callable[[], float] = time.time) -> None:
        """`woken` names the functions that a call has just woken."""
        self._woken, self._clock = woken, clock
        self._last: Mapping[str, int] | None = None
        self.since = float("inf")
        """Unix time of the first look."""
        self.changes: deque[Change] = deque(maxlen=_REMEMBERED)

    def follow(self, replicas: Mapping[str, int]) -> None:
        """Note what differs. The first look tells what there is, not what changed."""
        last, self._last = self._last, dict(replicas)
        if last is None:
            self.since = self._clock()
            return
        for name in sorted({*last, *replicas}):
            before, after = last.get(name, 0), replicas.get(name, 0)
            cause = self._cause(name, last, replicas)
            if before != after or cause:
                self.changes.append(Change(self._clock(), name, before, after, cause))

    def _cause(self, name: str, last: Mapping[str, int], replicas: Mapping[str, int]) -> Cause | None:
        if name not in last:
            return Cause.DEPLOYED
        if name not in replicas:
            return Cause.REMOVED
        return Cause.CALL if last[name] == 0 and replicas[name] and name in self._woken() else None


def explain(changes: Iterable[Change], decisions: Decisions, *, since: float) -> list[dict[str, Any]]:
    """Join what happened `since` then with what the autoscaler decided, the newest first.

    An earlier decision stands for itself; a later one that was not carried out is left out.
    """
    told = [_told(change, _decision_behind(change, decisions), decisions.since) for change in changes]
    earlier = [_alone(decision) for decision in decisions.changes if decision["at"] < since]
    return sorted((*told, *earlier), key=lambda each: -each["at"])


def _decision_behind(change: Change, decisions: Decisions) -> Decision | None:
    like = [each for each in decisions.changes if (each["function"], each["to"]) == (change.function, change.after)]
    nearest = min(like, key=lambda each: abs(change.at - each["at"]), default=None)
    return nearest if nearest and abs(change.at - nearest["at"]) <= _LONGEST_SCALING else None


def _told(change: Change, decision: Decision | None, since: float) -> dict[str, Any]:
    facts = {"at": change.at, "function": change.function, "from": change.before, "to": change.after}
    if change.cause is None and decision:
        return facts | _autoscaled(decision)
    cause = change.cause or (Cause.REQUEST if change.at >= since else Cause.UNKNOWN)
    return facts | {"cause": cause, "why": _TEXTS[cause]}


def _alone(decision: Decision) -> dict[str, Any]:
    return {key: decision[key] for key in ("at", "function", "from", "to")} | _autoscaled(decision)


def _autoscaled(decision: Decision) -> dict[str, Any]:
    return {"cause": Cause.AUTOSCALER, "why": why_changed({**decision, "replicas": decision["to"]})}
