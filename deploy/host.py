"""What this machine must offer; every shortcoming is told at once, in one line each that says what to do."""

import shutil
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.settings import Settings

_MEMORY = 3.5
_DISK = 6.0
_DISK_LATER = 1.0
_ENGINE = (20, 10)
_DATA_ROOT = Path("/var/lib/docker")


@dataclass(frozen=True)
class Host:
    """The facts that decide whether the shop can run here; sizes in GiB."""

    memory: float
    disk: float
    images_present: bool
    engine_version: str | None
    """None when no engine runs yet."""
    taken_ports: tuple[int, ...]
    """Ports of the settings that something other than this stack listens on."""


def inspect_host(settings: Settings, engine_version: str | None, images_present: bool, own_ports: set[int]) -> Host:
    """Look at this machine; `own_ports` are those that this stack itself listens on."""
    wanted = {settings.shop_port, settings.gateway_port} - own_ports
    place = next(path for path in (_DATA_ROOT, *_DATA_ROOT.parents) if path.exists())
    return Host(
        memory=_memory(Path("/proc/meminfo").read_text()),
        disk=shutil.disk_usage(place).free / 2**30,
        images_present=images_present,
        engine_version=engine_version,
        taken_ports=tuple(sorted(port for port in wanted if not _free(port))),
    )


def shortcomings(host: Host, settings: Settings) -> Iterator[str]:
    """One line for everything that stands in the way; nothing when the shop can run."""
    if host.memory < _MEMORY:
        yield f"Memory: {host.memory:.1f} GiB; the shop needs {_MEMORY} GiB. Use a larger machine."
    disk = _DISK_LATER if host.images_present else _DISK
    if host.disk < disk:
        yield f"Disk: {host.disk:.1f} GiB are free for the engine; {disk} GiB are needed. Make room and start again."
    if host.engine_version is not None and _numbers(host.engine_version) < _ENGINE:
        yield f"Engine: Docker {host.engine_version} is too old; version 20.10 or later is needed. Upgrade it."
    names: Mapping[int, str] = {settings.shop_port: "SHOP_PORT", settings.gateway_port: "GATEWAY_PORT"}
    for port in host.taken_ports:
        yield f"Port {port} is taken: stop what listens there, or choose another port with {names[port]}=…"


def _memory(meminfo: str) -> float:
    line = next(line for line in meminfo.splitlines() if line.startswith("MemTotal:"))
    return int(line.split()[1]) / 2**20


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104
        except OSError:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
