"""Several machines: a registry beside the data hands every image to the others, named by its digest."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import docker
import requests
from docker.errors import DockerException

from deploy.engine import last_line, run_docker
from deploy.errors import DeployError
from deploy.services import PULL_LABEL, all_services
from deploy.settings import ROOT, Settings
from deploy.swarm import DATA_LABEL

STACK_FILE = ROOT / "gateway-config" / "registry.yml"
# The gateway is on every machine, and its image holds the platform's: so whatever has to move finds its image there.
_FROM = {"platform": "gateway"}
SHARED = ("gateway", "client", "mariadb", "rabbitmq", "prometheus")
_START_SECONDS = 60
_PULL_SECONDS = 300


@dataclass(frozen=True)
class Registry:
    """Where the machines of a Swarm fetch images."""

    address: str
    """`host:port`, the same from every machine."""
    here: bool
    """Whether this is the machine that it runs on."""

    @property
    def prefix(self) -> str:
        """What the names of its images begin with."""
        return f"{self.address}/bookstore"


def registry_of(engine: docker.DockerClient, settings: Settings) -> Registry | None:
    """The registry of a Swarm of several machines; None where there is one, which needs none."""
    nodes = [node.attrs for node in engine.nodes.list()]
    return registry_among(nodes, me=engine.info()["Swarm"]["NodeID"], port=settings.registry_port)


def registry_among(nodes: Sequence[Mapping[str, Any]], *, me: str, port: int) -> Registry | None:
    """The registry of these nodes, which is beside the data, as seen from the node `me`."""
    if len(nodes) == 1:
        return None
    home = next(node for node in nodes if DATA_LABEL in node["Spec"]["Labels"])
    # The address of a leader is told only in its part as a manager.
    address = home.get("ManagerStatus", {}).get("Addr") or home["Status"]["Addr"]
    return Registry(f"{address.partition(':')[0]}:{port}", here=home["ID"] == me)


def start_registry(settings: Settings, registry: Registry, image: str) -> None:
    """Run the registry on the machine that holds the data. Raises DeployError when it does not answer."""
    if registry.here:
        values = {"IMAGE_REGISTRY": image, "REGISTRY_PORT": str(settings.registry_port)}
        options = ("--resolve-image", "never", "--compose-file", str(STACK_FILE))
        ran = run_docker("stack", "deploy", *options, settings.stack, variables=values)
        if ran.returncode != 0:
            raise DeployError(f"Swarm refused the registry: {last_line(ran.stderr)}.")
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(registry):
        if time.monotonic() > deadline:
            raise DeployError(f"No registry answers at {registry.address}: start the machine that holds the data.")
        time.sleep(0.3)


def share_images(
    engine: docker.DockerClient, registry: Registry, images: Mapping[str, str], names: Iterable[str] = SHARED
) -> dict[str, str]:
    """Push the platform's images; return name → reference by digest. Raises DeployError saying what to set."""
    shared = {name: _push(engine, f"{registry.prefix}/{name}", images[name]) for name in names}
    return {**images, **shared, **{name: shared[other] for name, other in _FROM.items()}}


def wait_until_pulled(engine: docker.DockerClient, stack: str) -> None:
    """Wait until every machine has the functions' images. Raises DeployError when that takes too long."""
    deadline = time.monotonic() + _PULL_SECONDS
    while waiting := all_services(engine, lambda labels: labels.get(PULL_LABEL) == stack):
        if time.monotonic() > deadline:
            names = ", ".join(state.name for state in waiting)
            raise DeployError(f"Not on every machine after {_PULL_SECONDS} s: {names}. `docker service ps` says why.")
        time.sleep(0.5)


def _answers(registry: Registry) -> bool:
    try:
        return requests.get(f"http://{registry.address}/v2/", timeout=2).ok
    except requests.RequestException:
        return False


def _push(engine: docker.DockerClient, repository: str, image: str) -> str:
    address, digest = repository.partition("/")[0], ""
    engine.api.tag(image, repository, "latest")
    try:
        for message in engine.api.push(repository, tag="latest", stream=True, decode=True):
            if "error" in message:
                raise DeployError(f"{repository} could not be pushed ({message['error']}). {_trusted(address)}")
            digest = message.get("aux", {}).get("Digest", digest)
    except DockerException as error:
        raise DeployError(f"{repository} could not be pushed ({error}). {_trusted(address)}") from error
    return f"{repository}@{digest}"


def _trusted(address: str) -> str:
    return (
        f'Every machine must know the registry: put {{"insecure-registries": ["{address}"]}} into '
        "/etc/docker/daemon.json, run `systemctl reload docker`, and start again."
    )
