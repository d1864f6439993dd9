"""Why a function is not ready, in a sentence. Pure."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from faas.provider.functions import PORT, WATCHED, Function
from faas.provider.replicas import Replica

# Ending by SIGKILL; only the engine that did it knows whether memory was the reason.
KILLED = 137
# How long a replica may take until it answers before that is worth telling.
SILENT = 5.0
# Between two ends a replica that keeps ending runs for a moment, which is no recovery.
_STEADY = timedelta(seconds=3)


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong, and the replica whose last words belong to it."""

    reason: str
    witness: Replica | None = None


def diagnose(
    function: Function,
    replicas: Sequence[Replica],
    *,
    now: datetime,
    silent: float = 0,
    out_of_memory: Container[str] = (),
) -> Diagnosis | None:
    """Say why the function is not what its owner asked for; None if it is, or if it only takes its time.

    `silent` is for how many seconds no running replica has answered, `out_of_memory` has the ids of the replicas that
    were killed for want of memory.
    """
    slots = _slots(replica for replica in replicas if replica.container == function.container)
    steady = sum(_is_steady(tries, now) for tries in slots)
    troubled = [replica for tries in slots if not _is_steady(tries, now) for replica in tries]
    if steady < function.replicas and (culprit := _culprit(troubled)):
        reason = _reason(function, culprit, repeated=_repeated(culprit, troubled), out_of_memory=out_of_memory)
        return Diagnosis(f"{steady} of {function.replicas} replicas run: {reason}" if steady else reason, culprit)
    if function.taken_back:
        return Diagnosis(f"the last update was rolled back: {function.taken_back}")
    if function.rolled_back:
        return _rolled_back(function, replicas, out_of_memory)
    if silent >= SILENT and (witness := next((each for each in replicas if each.current(function)), None)):
        return Diagnosis(f"runs, but does not answer GET {function.traffic.ready_path} on port {PORT}", witness)
    return None


def is_hopeless(function: Function, replicas: Sequence[Replica], *, now: datetime) -> bool:
    """Tell whether a function on trial never ran for as long as Swarm would have watched it.

    Swarm goes back by itself, unless a scaling has come between: that overwrites what it would go back to.
    """
    if not function.is_on_trial(now) or function.update_state in ("updating", "rollback_started"):
        return False
    mine = [replica for replica in replicas if replica.container == function.container]
    return sum(replica.ended for replica in mine) > 1 and not any(each.runs_since(now - WATCHED) for each in mine)


def suspects(replicas: Iterable[Replica]) -> list[Replica]:
    """List the replicas of which only their engine knows whether they were killed for want of memory."""
    return [replica for replica in replicas if replica.ended and replica.exit_code == KILLED]


def _rolled_back(function: Function, replicas: Sequence[Replica], out_of_memory: Container[str]) -> Diagnosis:
    culprit = _culprit([replica for replica in replicas if replica.container != function.container])
    if culprit is None:
        return Diagnosis("the last update was rolled back: its replicas did not stay up")
    reason = _reason(function, culprit, repeated=False, out_of_memory=out_of_memory)
    return Diagnosis(f"the last update was rolled back: {reason}", culprit)


def _slots(replicas: Iterable[Replica]) -> list[list[Replica]]:
    slots: dict[int, list[Replica]] = {}
    for replica in replicas:
        slots.setdefault(replica.slot, []).append(replica)
    return list(slots.values())


def _is_steady(tries: Sequence[Replica], now: datetime) -> bool:
    failed = any(replica.ended for replica in tries)
    return any(replica.runs_since(now - _STEADY) if failed else replica.running for replica in tries)


def _culprit(replicas: Iterable[Replica]) -> Replica | None:
    found = [replica for replica in replicas if replica.ended or replica.problem]
    return max(found, key=lambda replica: replica.since, default=None)


def _repeated(culprit: Replica, replicas: Iterable[Replica]) -> bool:
    return sum(replica.ended and replica.slot == culprit.slot for replica in replicas) > 1


def _reason(function: Function, culprit: Replica, *, repeated: bool, out_of_memory: Container[str]) -> str:
    deployment = function.deployment
    if culprit.id in out_of_memory:
        return f"needs more memory than its limit of {deployment.limits.memory or 'its node'}, and is killed"
    if "No such image" in culprit.problem:
        return f"image {deployment.image} is not on the node, and no registry gives it: build it first"
    if room := re.fullmatch(r"no suitable node(?: \((.+)\))?", culprit.problem):
        return f"no node can take it: {room[1] or 'none is active'}{_wishes(function)}"
    if culprit.exit_code is None or not re.match(r"(task: non-zero exit|$)", culprit.problem):
        return culprit.problem
    if culprit.exit_code == 0:
        return f"ends by itself with code 0, but has to stay and listen on port {PORT}"
    return f"{'keeps exiting' if repeated else 'exited'} with code {culprit.exit_code}"


def _wishes(function: Function) -> str:
    wanted = [
        function.deployment.requests.memory,
        function.deployment.requests.cpu and f"cpu {function.deployment.requests.cpu}",
    ]
    named = [*filter(None, wanted), *function.deployment.constraints]
    return f"; it asks for {', '.join(named)}" if named else ""
