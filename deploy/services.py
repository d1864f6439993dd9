"""A stack's services in Swarm: which there are, what they lack, and how to scale and remove them."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import docker
from docker.models.services import Service

from deploy.engine import last_line, run_docker
from deploy.errors import DeployError

# The platform's services carry the first label, functions the second, one-shot jobs the third, and the fourth what
# has every machine fetch an image.
PULL_LABEL = "com.openfaas.pull"
STACK_LABELS = ("com.docker.stack.namespace", "com.openfaas.stack", "bookstore.job", PULL_LABEL)
_OVER = frozenset({"complete", "failed", "rejected", "shutdown", "orphaned", "remove"})
_STOP_SECONDS = 90
_UPDATE_SECONDS = 120


@dataclass(frozen=True)
class ServiceState:
    """One service as it is now."""

    id: str
    name: str
    function: str | None
    """The function's own name; None for a service of the platform."""
    wanted: int
    running: int
    image: str
    ports: frozenset[int]
    """Ports of the machine that it publishes."""


@dataclass(frozen=True)
class Task:
    """One try of Swarm to run a service."""

    state: str
    error: str
    """Why it is where it is; empty when nothing is wrong."""
    at: str

    @property
    def over(self) -> bool:
        """Whether it will not run any more."""
        return self.state in _OVER


def services_of(engine: docker.DockerClient, stack: str) -> list[ServiceState]:
    """All services of the stack, by name: the platform's, the functions, also those deployed by hand, and jobs."""
    return all_services(engine, lambda labels: belongs(labels, stack))


def all_services(engine: docker.DockerClient, wanted: Callable[[Mapping[str, str]], bool]) -> list[ServiceState]:
    """The services whose labels are wanted, by name."""
    found = [service for service in engine.services.list(status=True) if wanted(service.attrs["Spec"]["Labels"])]
    return sorted((_state(service) for service in found), key=lambda state: state.name)


def belongs(labels: Mapping[str, str], stack: str) -> bool:
    """Whether a service with these labels is the stack's."""
    return any(labels.get(label) == stack for label in STACK_LABELS)


def tasks_of(engine: docker.DockerClient, service: str) -> list[Task]:
    """The service's tasks, the newest first. Empty when the service is gone."""
    found: list[dict[str, Any]] = engine.api.tasks({"service": service})  # type: ignore[no-untyped-call]
    tasks = [
        Task(status["State"], status.get("Err", ""), task["CreatedAt"]) for task in found for status in [task["Status"]]
    ]
    return sorted(tasks, key=lambda task: task.at, reverse=True)


def scale(replicas: Mapping[str, int]) -> None:
    """Set the services' replicas, by their names, without waiting."""
    if replicas:
        _do("scale", "--detach", *(f"{name}={count}" for name, count in replicas.items()))


def remove(names: Collection[str]) -> None:
    """Remove the services."""
    if names:
        _do("rm", *names)


def wait_until_stopped(engine: docker.DockerClient, stack: str, names: Iterable[str]) -> None:
    """Wait until none of the services runs anything; raise DeployError naming those that do not end."""
    deadline = time.monotonic() + _STOP_SECONDS
    waiting = set(names)
    while waiting := {state.name for state in services_of(engine, stack) if state.running and state.name in waiting}:
        if time.monotonic() > deadline:
            raise DeployError(f"Still running after {_STOP_SECONDS} s: {', '.join(sorted(waiting))}. Try again.")
        time.sleep(0.3)


def wait_until_updated(engine: docker.DockerClient, stack: str) -> None:
    """Wait until nothing of the stack runs by an older specification; raise DeployError naming what still does."""
    deadline = time.monotonic() + _UPDATE_SECONDS
    while outdated := [name for name, spec in _specifications(engine, stack) if _runs_otherwise(engine, name, spec)]:
        if time.monotonic() > deadline:
            late = ", ".join(sorted(outdated))
            raise DeployError(f"Not updated after {_UPDATE_SECONDS} s: {late}. Run `make status` for the reason.")
        time.sleep(0.3)


def _specifications(engine: docker.DockerClient, stack: str) -> list[tuple[str, dict[str, Any]]]:
    specs = [service.attrs["Spec"] for service in engine.services.list(filters={"label": f"{STACK_LABELS[0]}={stack}"})]
    return [(spec["Name"], spec["TaskTemplate"]) for spec in specs]


def _runs_otherwise(engine: docker.DockerClient, service: str, specification: Mapping[str, Any]) -> bool:
    # Tasks do not tell the runtime, which is a container's here.
    wanted = {key: value for key, value in specification.items() if key != "Runtime"}
    tasks: list[dict[str, Any]] = engine.api.tasks({"service": service})  # type: ignore[no-untyped-call]
    # A machine that is down does not tell what became of its tasks.
    down = {node.id for node in engine.nodes.list() if node.attrs["Status"]["State"] == "down"}
    return any(
        task["Spec"] != wanted
        for task in tasks
        if task.get("NodeID") not in down and "running" in (task["DesiredState"], task["Status"]["State"])
    )


def _state(service: Service) -> ServiceState:
    spec, status = service.attrs["Spec"], service.attrs.get("ServiceStatus", {})
    ports = spec.get("EndpointSpec", {}).get("Ports") or []
    return ServiceState(
        id=str(service.id),
        name=spec["Name"],
        function=spec["Labels"].get("com.openfaas.function"),
        wanted=status.get("DesiredTasks", 0),
        running=status.get("RunningTasks", 0),
        image=spec["TaskTemplate"]["ContainerSpec"]["Image"],
        ports=frozenset(port["PublishedPort"] for port in ports if "PublishedPort" in port),
    )


def _do(*arguments: str) -> None:
    ran = run_docker("service", *arguments)
    if ran.returncode != 0:
        raise DeployError(f"Swarm refused `docker service {arguments[0]}`: {last_line(ran.stderr)}. Try again.")
