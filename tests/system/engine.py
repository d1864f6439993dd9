"""A Docker engine of the tests' own, which may be killed: as good as on another machine.

One process holds the namespaces for processes, mounts and network that dockerd runs in; its end is the end of them all.
"""

import ctypes
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
from docker.errors import DockerException

from deploy.packages import install
from tests.live import ROOT
from tests.system.waiting import eventually

# Layers on layers do not work, and /tmp may be memory.
FOLDER = Path("/var/tmp/bookstore-engine")
# Like any first process it must not leave the dead standing about: dockerd would take its last containerd for alive.
_INIT = "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN); [signal.pause() for _ in iter(int, 1)]"
_SPACES = ["--net", "--uts", "--mount-proc", "--pid", "--fork", "--kill-child"]
# When these tests are killed, so is everything they have started here.
_MACHINE = ["setpriv", "--pdeathsig=KILL", "unshare", *_SPACES, sys.executable, "-c", _INIT]
_CLONE_NEWNET = 0x40000000


class Engine:
    """One dockerd with its data, containers and network apart from every other's."""

    def __init__(self, machine: int, folder: Path) -> None:
        """`machine` is the process that holds the namespaces; the folder keeps everything else."""
        self._enter = ["nsenter", f"--target={machine}", "--net", "--uts", "--mount", "--pid"]
        self._folder = folder

    @property
    def address(self) -> str:
        """Its DOCKER_HOST."""
        return f"unix://{self._folder}/docker.sock"

    def start(self, *more: str) -> None:
        """Start dockerd, with `more` options; after a kill it takes over what the one before has left."""
        options = {
            "host": self.address,
            "data-root": self._folder / "data",
            "exec-root": self._folder / "run",
            "pidfile": self._folder / "docker.pid",
        }
        command = [*self._enter, "dockerd", *(f"--{key}={value}" for key, value in options.items()), *more]
        with (self._folder / "dockerd.log").open("ab") as log:
            dockerd = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        threading.Thread(target=dockerd.wait, daemon=True).start()

    def wait(self, *, within: float = 60) -> None:
        """Wait until it answers."""
        eventually(self._answers, within=within, what=f"an answer of dockerd (see {self._folder}/dockerd.log)")

    def kill(self) -> None:
        """End dockerd as a crash would: its containers live on."""
        self.run("sh", "-c", f"kill -9 $(cat {self._folder}/docker.pid)")

    def run(self, *command: str, given: str = "", **variables: str) -> str:
        """Run a program beside dockerd, in the project's folder, and return what it printed."""
        inside = [*self._enter, "env", f"--chdir={ROOT}", *command]
        environment = {**os.environ, **variables}
        return subprocess.run(
            inside, env=environment, input=given, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def load(self, images: list[str]) -> None:
        """Copy images from the machine's engine."""
        with subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE) as saved:
            subprocess.run(["docker", "--host", self.address, "load", "--quiet"], stdin=saved.stdout, check=True)
        assert saved.returncode == 0

    def _answers(self) -> bool:
        try:
            client = docker.DockerClient(self.address, timeout=5)
            return bool(client.ping())
        except DockerException:
            return False


@contextmanager
def own_engine() -> Iterator[Engine]:
    """An engine that runs, in a network with nothing but itself; this thread and those it starts are in there too."""
    install({"ip": "iproute2", "iptables": "iptables"}, why="An engine of its own needs a network of its own.")
    with empty_folder(FOLDER), booted() as machine:
        engine = Engine(machine, FOLDER)
        engine.run("ip", "link", "set", "lo", "up")
        engine.start()
        engine.wait()
        with in_network_of(machine):
            yield engine


@contextmanager
def booted() -> Iterator[int]:
    """A machine without anything; the process whose end is its end."""
    holder = subprocess.Popen(_MACHINE)
    try:
        yield eventually(lambda: _child_of(holder.pid), within=10, what="a namespace")
    finally:
        holder.kill()
        holder.wait()


@contextmanager
def empty_folder(folder: Path) -> Iterator[Path]:
    """A folder that is new, whatever a run that was killed has left, and goes afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        # The last processes of a machine may be ending still.
        eventually(lambda: _removed(folder), within=60, what=f"the removal of {folder}")


def _child_of(process: int) -> int:
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(found[0]) if found else 0


def _removed(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


@contextmanager
def in_network_of(machine: int) -> Iterator[None]:
    """Move this thread into a machine's network, with the threads and programs that it starts there, and back."""
    with Path(f"/proc/{machine}/ns/net").open() as there, Path("/proc/thread-self/ns/net").open() as here:
        _enter(there.fileno())
        try:
            yield
        finally:
            _enter(here.fileno())


def _enter(namespace: int) -> None:
    # Python itself can do it from 3.12 on.
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(namespace, _CLONE_NEWNET) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
