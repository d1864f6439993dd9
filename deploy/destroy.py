"""`make destroy`: remove everything that was made for the stack, and nothing of another."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import docker
from docker.errors import APIError

from deploy.engine import last_line, run_docker
from deploy.errors import DeployError
from deploy.progress import Progress
from deploy.secrets import remove_all_secrets
from deploy.services import all_services, remove, services_of
from deploy.settings import Settings
from deploy.swarm import leave_if_ours

_NAMESPACE = "com.docker.stack.namespace"
# Every image starts from `base`, whose label it therefore carries.
_IMAGE_LABEL = "bookstore.image"
_IMAGES = ("bookstore/*", "*/bookstore/*")
_SECONDS = 60


def destroy(engine: docker.DockerClient, settings: Settings, progress: Progress) -> None:
    """Remove services, network, secrets, volumes, state and images; leave the Swarm when it was made for this."""
    if engine.info()["Swarm"]["LocalNodeState"] == "active":
        with progress.step("Services and network"):
            _remove_services(engine, settings)
        with progress.step("Secrets"):
            remove_all_secrets(engine, settings.stack)
    with progress.step("Volumes"):
        _until_done(lambda: _remove_volumes(engine, settings.stack), "the volumes")
    shutil.rmtree(settings.state, ignore_errors=True)
    if _other_stacks(engine):
        progress.say("The images stay: another stack uses them.")
        return
    with progress.step("Images"):
        _remove_images(engine)
    _forget_shared_state(settings.state.parent)
    if leave_if_ours(engine):
        progress.say("Left the Swarm, which was made for the shop and is empty now.")


def _remove_services(engine: docker.DockerClient, settings: Settings) -> None:
    names = [service.name for service in services_of(engine, settings.stack)]
    remove(names)
    ran = run_docker("stack", "rm", settings.stack)
    if ran.returncode != 0:
        raise DeployError(f"Swarm could not remove the stack: {last_line(ran.stderr)}. Try again.")
    _until_done(lambda: _remove_network(engine, settings.network), f"the network {settings.network}")


def _remove_network(engine: docker.DockerClient, name: str) -> None:
    for network in engine.networks.list(names=[name]):
        if network.name == name:
            network.remove()
            raise _NotYet


class _NotYet(Exception):
    """What was removed has not gone yet."""


def _remove_volumes(engine: docker.DockerClient, stack: str) -> None:
    for volume in engine.volumes.list(filters={"label": f"{_NAMESPACE}={stack}"}):
        volume.remove()


def _until_done(attempt: Callable[[], None], what: str) -> None:
    """Repeat the attempt while containers that are ending still hold what it removes."""
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            attempt()
        except (APIError, _NotYet) as error:
            if time.monotonic() > deadline:
                raise DeployError(f"Could not remove {what} ({error}): stop what uses it, then try again.") from error
            time.sleep(0.5)
        else:
            return


def _other_stacks(engine: docker.DockerClient) -> bool:
    """Whether a service on this Swarm runs one of the bookstore's images."""
    if engine.info()["Swarm"]["LocalNodeState"] != "active":
        return False
    found = engine.images.list(filters={"label": _IMAGE_LABEL})
    ours = {name for image in found for name in (image.id, *(image.attrs["RepoDigests"] or ()))}
    return any(service.image in ours for service in all_services(engine, lambda _: True))


def _forget_shared_state(folder: Path) -> None:
    """Remove what all stacks share, unless the secrets of another stack lie beside it."""
    if not list(folder.glob("*/secrets")):
        shutil.rmtree(folder, ignore_errors=True)


def _remove_images(engine: docker.DockerClient) -> None:
    for tag in {tag for name in _IMAGES for image in engine.images.list(name=name) for tag in image.tags}:
        # One that a container outside of Swarm uses stays, as does what it is made of.
        run_docker("image", "rm", tag)
    engine.images.prune(filters={"dangling": True, "label": _IMAGE_LABEL})
