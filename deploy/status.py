"""`make status` and `make logs`: what runs, what does not, and why."""

import subprocess

import docker
from rich.table import Table

from deploy.engine import last_line, run_docker
from deploy.errors import DeployError
from deploy.progress import Progress
from deploy.services import ServiceState, services_of, tasks_of
from deploy.settings import Settings

_TAIL = "100"


def show_status(engine: docker.DockerClient, settings: Settings, progress: Progress) -> bool:
    """Print a table of the stack's services; return whether every one runs as often as it should."""
    services = services_of(engine, settings.stack)
    if not services:
        raise DeployError(f"There is no stack {settings.stack} on this machine: `make up` makes it.")
    table = Table("Service", "Running", "Why not", box=None, pad_edge=False)
    for service in services:
        table.add_row(_title(service, settings), f"{service.running}/{service.wanted}", _reason(engine, service))
    progress.console.print(table)
    if all(service.wanted == 0 for service in services):
        progress.say(f"The stack {settings.stack} is stopped: `make up` starts it again.")
    return all(service.running >= service.wanted for service in services)


def follow_logs(engine: docker.DockerClient, settings: Settings, names: list[str]) -> int:
    """Print the end of the services' logs and what comes after, until interrupted; all services when none is named."""
    services = {_title(service, settings): service.name for service in services_of(engine, settings.stack)}
    unknown = [name for name in names if name not in services]
    if unknown or not services:
        raise DeployError(f"Not there: {', '.join(unknown) or settings.stack}. Run `make status` for what there is.")
    command = ["docker", "service", "logs", "--follow", "--tail", _TAIL]
    followers = [subprocess.Popen([*command, services[name]]) for name in names or services]
    try:
        return max(follower.wait() for follower in followers)
    except KeyboardInterrupt:
        return 0
    finally:
        for follower in followers:
            follower.terminate()


def _title(service: ServiceState, settings: Settings) -> str:
    return service.function or service.name.removeprefix(f"{settings.stack}_")


def _reason(engine: docker.DockerClient, service: ServiceState) -> str:
    if service.running >= service.wanted:
        return "" if service.wanted else "scaled to zero"
    error = next((task.error for task in tasks_of(engine, service.name) if task.error), None)
    if error is None:
        return "is starting"
    said = run_docker("service", "logs", "--raw", "--tail", "1", service.name)
    words = (said.stderr + said.stdout).strip()
    return f"{error}; its last words: {last_line(words)}" if words else error
