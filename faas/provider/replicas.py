"""What became of a function's replicas: Swarm's tasks, read. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from faas.provider.functions import Function


@dataclass(frozen=True)
class Replica:
    """One task of a function's service."""

    service_id: str
    running: bool
    """It runs, and Swarm wants it to."""
    address: str | None
    """On the functions' network."""
    problem: str
    """Why it does not run, in Swarm's words; empty if nothing is known to be wrong."""
    container: Mapping[str, Any]
    """The ContainerSpec that it was started with."""

    def current(self, function: Function) -> bool:
        """Tell whether it runs what the function asks for today."""
        return self.running and self.container == function.container


def replica_of(task: Mapping[str, Any], *, network: str) -> Replica:
    """Read a task as Docker lists it."""
    status = task["Status"]
    return Replica(
        service_id=task["ServiceID"],
        running=status["State"] == "running" and task["DesiredState"] == "running",
        address=_address(task.get("NetworksAttachments") or (), network),
        problem=status.get("Err", ""),
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
