"""`make down` and its undoing: everything of the stack at zero replicas; data, functions and secrets stay."""

import json
from pathlib import Path

import docker

from deploy.progress import Progress
from deploy.services import ServiceState, scale, services_of, wait_until_stopped
from deploy.settings import Settings

# Who brings work stops first, who holds data last, so that what is under way comes to its end.
FIRST = ("gateway", "upstream", "autoscaler", "connector", "relay", "client")
LAST = ("provider", "search", "mariadb", "rabbitmq", "prometheus", "registry")


def stop(engine: docker.DockerClient, settings: Settings, progress: Progress) -> None:
    """Scale the stack to zero and remember the functions' replicas."""
    services = services_of(engine, settings.stack)
    _remember(_memory(settings), services)
    entrance = [s.name for s in services if _short(s, settings) in FIRST]
    functions = [s.name for s in services if s.function]
    rest = [s.name for s in services if _short(s, settings) in LAST]
    for title, names in (("Entrance and events", entrance), ("Functions", functions), ("Data and control", rest)):
        with progress.step(f"{title}: {len(names)} services"):
            scale(dict.fromkeys(names, 0))
            wait_until_stopped(engine, settings.stack, names)


def resume_functions(engine: docker.DockerClient, settings: Settings) -> int:
    """Give the functions the replicas that they had before `stop`; return how many functions that were."""
    memory = _memory(settings)
    if not memory.exists():
        return 0
    remembered: dict[str, int] = json.loads(memory.read_text())
    stopped = [s.name for s in services_of(engine, settings.stack) if s.function and s.wanted == 0]
    replicas = {name: remembered[name] for name in stopped if name in remembered}
    scale(replicas)
    memory.unlink()
    return len(replicas)


def _remember(memory: Path, services: list[ServiceState]) -> None:
    """Stopping twice must not forget what the first time remembered."""
    before: dict[str, int] = json.loads(memory.read_text()) if memory.exists() else {}
    now = {s.name: s.wanted for s in services if s.function and s.wanted > 0}
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps({**before, **now}, indent=1))


def _memory(settings: Settings) -> Path:
    return settings.state / "stopped.json"


def _short(service: ServiceState, settings: Settings) -> str:
    return service.name.removeprefix(f"{settings.stack}_")
