"""The platform's services: deployed as one stack, and ready only when each one answers by itself."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import docker

from deploy.engine import last_line, run_docker
from deploy.errors import DeployError
from deploy.secrets import platform_names
from deploy.services import remove, services_of
from deploy.settings import ROOT, Settings

STACK_FILE = ROOT / "gateway-config" / "platform.yml"
UPSTREAM_FILE = ROOT / "gateway-config" / "upstream.yml"
PROBE = Path(__file__).with_name("probe.py")
_READY_SECONDS = 120
# Where a service says that it works, as seen on the overlay network; without a path a connection is enough.
HEALTH = {
    "mariadb": "mariadb:3306",
    "rabbitmq": "rabbitmq:5672",
    "prometheus": "prometheus:9090/-/ready",
    "provider": "provider:8082/healthz",
    "gateway": "gateway:9101/healthz",
    "client": "client:8000/healthz",
    "autoscaler": "autoscaler:9102/metrics",
    "connector": "connector:9103/metrics",
    "relay": "relay:9104/metrics",
    "search": "search:9105/healthz",
    "upstream": "upstream:8082/healthz",
}


def deploy_platform(
    engine: docker.DockerClient,
    settings: Settings,
    images: Mapping[str, str],
    known: Mapping[str, str],
    *,
    machines: int = 1,
    stack_file: Path = STACK_FILE,
) -> None:
    """Deploy the stack with an entrance on each machine; services whose specification is the same stay as they are."""
    files = (stack_file, UPSTREAM_FILE) if "upstream" in images else (stack_file,)
    # Never --prune: function services belong to the stack's network but not to its file.
    options = ["--resolve-image", "never", *(f"--compose-file={file}" for file in files)]
    values = variables(settings, images, known, machines)
    ran = run_docker("stack", "deploy", *options, settings.stack, variables=values)
    if ran.returncode != 0:
        raise DeployError(f"Swarm refused the platform: {last_line(ran.stderr)}. Run `make status` for what is there.")
    if "upstream" not in images:
        name = f"{settings.stack}_upstream"
        remove([service.name for service in services_of(engine, settings.stack) if service.name == name])


def services(images: Mapping[str, str]) -> list[str]:
    """The platform's services with these images: upstream's gateway is only there where it has one."""
    return [name for name in HEALTH if name != "upstream" or name in images]


def variables(
    settings: Settings, images: Mapping[str, str], known: Mapping[str, str], machines: int = 1
) -> dict[str, str]:
    """What the stack file leaves open, by the names it uses."""
    socket = docker_socket()
    values = {
        "STACK": settings.stack,
        "MACHINES": str(machines),
        "SHOP_PORT": str(settings.shop_port),
        "GATEWAY_PORT": str(settings.gateway_port),
        "CACHE_MB": str(settings.cache_megabytes),
        "CURRENCY": settings.currency,
        "DOCKER_SOCKET": str(socket),
        "DOCKER_GROUP": str(socket.stat().st_gid),
    }
    values |= {f"IMAGE_{_variable(name)}": image for name, image in images.items()}
    values |= {f"SECRET_{_variable(name)}": full for name, full in platform_names(settings.stack, known).items()}
    return values


def docker_socket() -> Path:
    """The engine's socket on this machine."""
    address = urlsplit(os.environ.get("DOCKER_HOST", ""))
    return Path(address.path if address.scheme == "unix" else "/var/run/docker.sock")


def wait_until_ready(settings: Settings, image: str, services: Iterable[str], seconds: float = _READY_SECONDS) -> None:
    """Wait until the services answer on the overlay network; raise DeployError naming those that do not, and why."""
    wanted = {name: HEALTH[name] for name in services}
    silent = probe(settings, image, wanted, seconds)
    if silent:
        reasons = "; ".join(f"{name} ({why})" for name, why in silent.items())
        raise DeployError(f"Not ready after {seconds:.0f} s: {reasons}. Run `make status`, then `make logs`.")


def probe(settings: Settings, image: str, wanted: Mapping[str, str], seconds: float) -> dict[str, str]:
    """Ask every address from inside the network until it answers; return what did not by the end, with the reason."""
    program = ("python", "-", json.dumps(wanted), str(seconds))
    options = ("--rm", "--interactive", "--network", settings.network)
    ran = run_docker("run", *options, image, *program, given=PROBE.read_text())
    if ran.returncode != 0:
        raise DeployError(f"The network {settings.network} cannot be joined: {last_line(ran.stderr)}.")
    silent: dict[str, str] = json.loads(ran.stdout)
    return silent


def _variable(name: str) -> str:
    return name.upper().replace("-", "_")
