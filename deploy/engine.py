"""Docker's engine on this machine: found, or installed and started, also after a crash of it."""

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import docker
from docker.errors import DockerException

from deploy.errors import DeployError
from deploy.packages import available, install
from deploy.settings import ROOT

_SYSTEMD = Path("/run/systemd/system")
_SWARM = Path("/var/lib/docker/swarm")
_LOG = ROOT / ".state" / "logs" / "dockerd.log"
# Program → where it and its child write their process ids.
_PID_FILES = {
    "dockerd": Path("/var/run/docker.pid"),
    "containerd": Path("/var/run/docker/containerd/containerd.pid"),
}
# After a crash it first stops the containers that outlived it, some of which take their time.
_START_SECONDS = 180
_CALL_SECONDS = 900


def connect() -> docker.DockerClient | None:
    """The engine, when one answers. Raises DeployError when there is one that this user may not use."""
    try:
        engine = docker.from_env(timeout=_CALL_SECONDS)
        engine.ping()
    except DockerException as error:
        if "Permission denied" in str(error) or "PermissionError" in str(error):
            raise DeployError(
                "This user may not use Docker: run `sudo usermod -aG docker $USER`, sign in again, and start again."
            ) from error
        return None
    return engine


def run_docker(
    *arguments: str, variables: Mapping[str, str] | None = None, given: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Docker's command line on the same engine, with these variables and `given` on its standard input."""
    environment = {**os.environ, **(variables or {})}
    if "DOCKER_HOST" not in environment:
        # The library knows no contexts, so the command line must not follow one.
        environment["DOCKER_CONTEXT"] = "default"
    return subprocess.run(
        ["docker", *arguments], env=environment, input=given, capture_output=True, text=True, check=False
    )


def last_line(text: str) -> str:
    """The line of a program's output that is most likely to say what went wrong."""
    return (text.strip().splitlines() or ["no message"])[-1]


def ensure_engine() -> docker.DockerClient:
    """An engine that answers, installed and started where there is none."""
    running = connect()
    if running is not None:
        _install_client()
        return running
    if os.environ.get("DOCKER_HOST"):
        place = os.environ["DOCKER_HOST"]
        raise DeployError(f"No engine answers at DOCKER_HOST={place}: start it, or unset DOCKER_HOST.")
    install({"dockerd": "docker.io"}, why="The shop runs on Docker's engine.")
    _install_client()
    if os.geteuid() != 0:
        raise DeployError("Docker's engine is not running: start it as root (`sudo systemctl start docker`).")
    return _start()


def _install_client() -> None:
    """Debian 12 has the command line in docker.io, later releases in a package of its own."""
    package = "docker-cli" if available("docker-cli") else "docker.io"
    install({"docker": package}, why="Docker's command line deploys the stack.")


def _start() -> docker.DockerClient:
    if _SYSTEMD.exists():
        subprocess.run(["systemctl", "start", "docker"], capture_output=True, check=False)
        return _wait(None, "journalctl -u docker")
    try:
        return _start_dockerd()
    except DeployError:
        # What outlived the last engine may have been ending just then; and a broken Swarm ends every start.
        _set_broken_swarm_aside()
        return _start_dockerd()


def _start_dockerd() -> docker.DockerClient:
    for program, pid_file in _PID_FILES.items():
        remove_stale(pid_file, program)
    _LOG.parent.mkdir(parents=True, exist_ok=True)
    with _LOG.open("w") as log:
        # In a session of its own, so that it outlives this command and its terminal.
        started = subprocess.Popen(
            ["dockerd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    return _wait(started, str(_LOG))


def _set_broken_swarm_aside() -> None:
    """Move a Swarm away over whose files dockerd has just crashed."""
    if "docker/swarmkit" in _LOG.read_text(errors="replace") and _SWARM.exists():
        _SWARM.rename(_SWARM.with_name(f"swarm.broken-{time.strftime('%Y%m%dT%H%M%S')}"))


def remove_stale(pid_file: Path, program: str) -> None:
    """Remove a pid file that no running `program` owns: its number may be another process's after a reboot."""
    try:
        number = int(pid_file.read_text().strip() or 0)
    except (FileNotFoundError, ValueError):
        number = 0
    if _program(number) != program:
        pid_file.unlink(missing_ok=True)


def _program(number: int) -> str:
    """The name of a process that runs; empty for none, also for one that is dead and only not yet collected."""
    try:
        name, _, rest = Path(f"/proc/{number}/stat").read_text().partition("(")[2].rpartition(") ")
    except FileNotFoundError:
        return ""
    return "" if rest.startswith("Z") else name


def _wait(process: subprocess.Popen[bytes] | None, log: str) -> docker.DockerClient:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        engine = connect()
        if engine is not None:
            return engine
        if process is not None and process.poll() is not None:
            raise DeployError(f"dockerd ended with exit status {process.returncode} when it was started: see {log}.")
        time.sleep(0.3)
    raise DeployError(f"Docker's engine did not answer within {_START_SECONDS} s of its start: see {log}.")
