"""The Swarm that the stack runs on: this machine's own, made when there is none or the old one is beyond use."""

import time
from collections.abc import Mapping
from typing import Any

import docker
from docker.errors import APIError

from deploy.errors import DeployError
from deploy.settings import Settings

DATA_LABEL = "bookstore.data"
_MADE_LABEL = "bookstore.made"
_SETTLE_SECONDS = 30


def ensure_swarm(engine: docker.DockerClient, settings: Settings) -> str:
    """Have a working Swarm of which this machine is a manager; return what was done about it, empty for nothing."""
    state = _settled(engine)
    done = ""
    if state["LocalNodeState"] == "active" and not state["ControlAvailable"] and not state.get("Error"):
        raise DeployError("This machine is a worker of a Swarm: run `make up` on one of its managers.")
    if state["LocalNodeState"] != "inactive" and not _works(engine):
        if len(state.get("RemoteManagers") or ()) > 1:
            raise DeployError("The Swarm's managers are fewer than half: start the other machines, then try again.")
        reason = state.get("Error") or f"its state is {state['LocalNodeState']}"
        engine.swarm.leave(force=True)
        done = f"left an old Swarm that no longer works ({reason}); volumes are kept"
        state = _settled(engine)
    if state["LocalNodeState"] == "inactive":
        _init(engine, settings)
        done = "; ".join(filter(None, [done, "made a new Swarm"]))
    elif settings.advertise_address != "127.0.0.1" == engine.info()["Swarm"]["NodeAddr"]:
        raise DeployError(
            "This Swarm was made for one machine, at 127.0.0.1: to let others join, `make destroy` comes first."
        )
    _label_data_node(engine)
    return done


def machines(engine: docker.DockerClient) -> int:
    """How many machines of the Swarm take work, those that are down for the moment included."""
    return sum(node.attrs["Spec"]["Availability"] == "active" for node in engine.nodes.list())


def leave_if_ours(engine: docker.DockerClient) -> bool:
    """Leave the Swarm when `make up` made it and nothing is left in it; tell whether it was left."""
    if engine.info()["Swarm"]["LocalNodeState"] != "active":
        return False
    labels = engine.api.inspect_swarm()["Spec"].get("Labels") or {}
    if _MADE_LABEL not in labels or engine.services.list() or len(engine.nodes.list()) > 1:
        return False
    engine.swarm.leave(force=True)
    return True


def _init(engine: docker.DockerClient, settings: Settings) -> None:
    try:
        # Nobody can join at 127.0.0.1, so nobody else need reach the port. An address that may go is not listened on:
        # without it the managers would not start again.
        listen = "127.0.0.1:2377" if settings.advertise_address == "127.0.0.1" else "0.0.0.0:2377"
        labels = {_MADE_LABEL: "yes"}
        engine.swarm.init(advertise_addr=settings.advertise_address, listen_addr=listen, labels=labels)
    except APIError as error:
        raise DeployError(
            f"Swarm could not start with ADVERTISE_ADDR={settings.advertise_address} ({error.explanation}): "
            "use an address of this machine."
        ) from error


def _settled(engine: docker.DockerClient) -> Mapping[str, Any]:
    """The node's state in Swarm once it is no longer on its way to another."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    state: Mapping[str, Any] = engine.info()["Swarm"]
    while state["LocalNodeState"] == "pending" and time.monotonic() < deadline:
        time.sleep(0.5)
        state = engine.info()["Swarm"]
    return state


def _works(engine: docker.DockerClient) -> bool:
    """Whether this manager answers and its node is ready; a moment after a start it may not be yet."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline:
        state = engine.info()["Swarm"]
        if state["LocalNodeState"] != "active":
            return False
        try:
            if engine.nodes.get(state["NodeID"]).attrs["Status"]["State"] == "ready":
                return True
        except APIError:
            pass  # it has no leader yet
        time.sleep(0.5)
    return False


def _label_data_node(engine: docker.DockerClient) -> None:
    """Bind the data to this node, unless it is bound already."""
    nodes = engine.nodes.list()
    if any(DATA_LABEL in node.attrs["Spec"]["Labels"] for node in nodes):
        return
    me = engine.nodes.get(engine.info()["Swarm"]["NodeID"])
    spec = me.attrs["Spec"]
    me.update({**spec, "Labels": {**spec["Labels"], DATA_LABEL: "true"}})
