"""What the stack costs while nobody asks for anything, and what one login costs beside one Argon2id verification."""

import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import requests

from benchmarks.shop import Account

_ARGON2 = """
import time, argon2
hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
known = hasher.hash("correct horse")
begun = time.process_time()
for _ in range(40):
    hasher.verify(known, "correct horse")
print((time.process_time() - begun) / 40)
"""
_SETTLED_SECONDS = 15
_ENGINE = ("dockerd", "containerd", "containerd-shim", "docker-proxy")


def idle(stack: str, *, seconds: int = 20) -> tuple[float, float]:
    """Memory in GiB and cores used by the stack's containers and the engine over some idle seconds."""
    containers = _settled(stack)
    before, begun = _cpu_seconds(containers), time.monotonic()
    time.sleep(seconds)
    used = _cpu_seconds(containers) - before
    return _memory(containers) / 2**30, used / (time.monotonic() - begun)


def memory_of(prefix: str) -> float:
    """Bytes that the containers take whose names begin so; 0 while there are none."""
    return sum(_share(pid) for container in _containers(prefix) for pid in _processes(container))


def verification_seconds() -> float:
    """CPU seconds of one Argon2id verification in the functions' own runtime."""
    return float(docker("run", "--rm", "bookstore/function-runtime:latest", "python", "-c", _ARGON2))


def login_seconds(url: str, stack: str, account: Account, *, times: int = 40) -> float:
    """CPU seconds that the login function spends on one login."""
    containers = _containers(f"{stack}_fn-login")
    body = {"email": account.email, "password": account.password}
    before = _cpu_seconds(containers, engine=False)
    for _ in range(times):
        requests.post(f"{url}/api/auth/login", json=body, timeout=15).raise_for_status()
    return (_cpu_seconds(containers, engine=False) - before) / times


def _settled(stack: str) -> list[str]:
    """The stack's containers, once none has come or gone for a while: after a deploy or a load some still do."""
    found: list[str] = []
    while found != (found := _containers(stack)):
        time.sleep(_SETTLED_SECONDS)
    return found


def _containers(prefix: str) -> list[str]:
    return docker("ps", "-q", "--no-trunc", "--filter", f"name=^{prefix}[._]").split()


def docker(*arguments: str) -> str:
    """Run docker and return what it printed. Raises CalledProcessError."""
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def _cpu_seconds(containers: Sequence[str], *, engine: bool = True) -> float:
    pids = [pid for container in containers for pid in _processes(container)]
    return sum(_ticks(pid) for pid in [*pids, *(_engine() if engine else [])]) / 100


def _memory(containers: Sequence[str]) -> float:
    # The proportional share: pages that the functions' processes share count once.
    pids = [pid for container in containers for pid in _processes(container)]
    return sum(_share(pid) for pid in [*pids, *_engine()])


def _processes(container: str) -> list[int]:
    return [int(line.split()[0]) for line in docker("top", container, "-eo", "pid").splitlines()[1:]]


def _engine() -> list[int]:
    def name(pid: Path) -> str:
        return (pid / "comm").read_text().strip()

    return [int(pid.name) for pid in Path("/proc").glob("[0-9]*") if pid.exists() and name(pid)[:15] in _ENGINE]


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _share(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def describe() -> str:
    """The machine in one line."""
    info = json.loads(docker("info", "--format", "{{json .}}"))
    return f"{info['NCPU']} cores, {info['MemTotal'] / 2**30:.0f} GiB, engine {info['ServerVersion']}"
