"""What became of a function's replicas: Swarm's tasks, read. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from faas.provider.functions import Function

# A task that ended by itself, or never began. One that was told to stop is `shutdown`.
_ENDED = frozenset({"complete", "failed", "rejected"})


@dataclass(frozen=True)
class Replica:
    """One task of a function's service."""

    id: str
    service_id: str
    slot: int
    """Replicas that replace each other have the same."""
    node_id: str
    """Where it is; empty as long as no node has it."""
    container_id: str
    """Empty as long as there is none."""
    state: str
    """In Swarm's words: `pending`, `preparing`, `running`, `failed`, …"""
    since: str
    """When it came into that state (RFC 3339)."""
    running: bool
    """It runs, and Swarm wants it to."""
    address: str | None
    """On the functions' network."""
    problem: str
    """Why it does not run, in Swarm's words; empty if nothing is known to be wrong."""
    exit_code: int | None
    """What its process ended with."""
    container: Mapping[str, Any]
    """The ContainerSpec that it was started with."""

    @property
    def ended(self) -> bool:
        """It came to an end that nobody asked for."""
        return self.state in _ENDED

    def runs_since(self, moment: datetime) -> bool:
        """Tell whether it runs and did so at that moment."""
        return self.running and datetime.fromisoformat(self.since) <= moment

    def current(self, function: Function) -> bool:
        """Tell whether it runs what the function asks for today."""
        return self.running and self.container == function.container


def replica_of(task: Mapping[str, Any], *, network: str) -> Replica:
    """Read a task as Docker lists it."""
    status = task["Status"]
    container = status.get("ContainerStatus") or {}
    ended = status["State"] in _ENDED
    return Replica(
        id=task["ID"],
        service_id=task["ServiceID"],
        slot=task.get("Slot", 0),
        node_id=task.get("NodeID", ""),
        container_id=container.get("ContainerID", ""),
        state=status["State"],
        since=status["Timestamp"],
        running=status["State"] == "running" and task["DesiredState"] == "running",
        address=_address(task.get("NetworksAttachments") or (), network),
        problem=status.get("Err", ""),
        exit_code=container.get("ExitCode", 0) if ended and container.get("ContainerID") else None,
        container=task["Spec"]["ContainerSpec"],
    )


def available(function: Function, replicas: Iterable[Replica]) -> int:
    """Count the replicas that run what the function asks for today."""
    return sum(replica.current(function) for replica in replicas)


def addresses(replicas: Iterable[Replica]) -> list[str]:
    """List where running replicas can be reached, whichever version they run."""
    return [replica.address for replica in replicas if replica.running and replica.address]


def _address(attachments: Iterable[Mapping[str, Any]], network: str) -> str | None:
    for attachment in attachments:
        if attachment["Network"]["Spec"]["Name"] == network and attachment.get("Addresses"):
            return str(attachment["Addresses"][0]).partition("/")[0]
    return None
