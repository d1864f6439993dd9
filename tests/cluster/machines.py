"""Three machines on one: each a network, a host name, processes and an engine of its own, all on one wire."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError

from deploy.packages import install
from tests.system.engine import Engine, booted, empty_folder, in_network_of

FOLDER = Path("/var/tmp/bookstore-cluster")
SUBNET = "192.168.77"
REGISTRY = f"{SUBNET}.1:5000"
_ANSWERS = 20


class Machine:
    """A computer that can lose its power. The one numbered 1 has the registry."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = f"machine-{number}"
        self.address = f"{SUBNET}.{number}"
        self._folder = FOLDER / self.name
        self._power = ExitStack()
        self.is_on = False

    def __repr__(self) -> str:
        return self.name

    @property
    def docker(self) -> docker.DockerClient:
        """Its engine."""
        return docker.DockerClient(self.engine.address, version="auto", timeout=_ANSWERS)

    def power_on(self) -> None:
        """Start it with the disk that it had, and wait for its engine."""
        self._folder.mkdir(exist_ok=True)
        # What lies in /run is gone after a reboot.
        shutil.rmtree(self._folder / "run", ignore_errors=True)
        (self._folder / "docker.pid").unlink(missing_ok=True)
        process = self._power.enter_context(booted())
        self.is_on = True
        self.engine = Engine(process, self._folder)
        self._power.callback(self._plug_in(process))
        self.engine.run("hostname", self.name)
        self.engine.run("mount", "-t", "tmpfs", "tmpfs", "/run")
        self.engine.start("--host=unix:///run/docker.sock", f"--insecure-registry={REGISTRY}")
        self.engine.wait()

    def power_off(self) -> None:
        """Take its power away: nobody hears a last word of it."""
        self._power.close()
        self.is_on = False

    def runs(self, service: str) -> int:
        """Count the service's containers that run on it."""
        label = f"com.docker.swarm.service.name={service}"
        return len(self.docker.containers.list(filters={"label": label}, sparse=True))

    def is_manager(self, seen_by: "Machine") -> bool:
        """Tell whether it is a ready node of the Swarm and in touch with the other managers."""
        try:
            nodes = {node.attrs["Description"]["Hostname"]: node.attrs for node in seen_by.docker.nodes.list()}
        except APIError:  # the Swarm has no leader at the moment
            return False
        node = nodes.get(self.name, {})
        return bool(
            node
            and node["Status"]["State"] == "ready"
            and node.get("ManagerStatus", {}).get("Reachability") == "reachable"
        )

    def _plug_in(self, process: int) -> Any:
        cable = f"port-{self.number}"
        _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", str(process))
        _ip("link", "set", cable, "master", "wire", "up")
        self.engine.run("ip", "link", "set", "lo", "up")
        self.engine.run("ip", "address", "add", f"{self.address}/24", "dev", "eth0")
        self.engine.run("ip", "link", "set", "eth0", "up")
        self.engine.run("ip", "route", "add", "default", "via", f"{SUBNET}.254")
        return lambda: _ip("link", "delete", cable)


@contextmanager
def three_machines() -> Iterator[list[Machine]]:
    """Three that run, and this thread on the same wire."""
    install({"ip": "iproute2", "iptables": "iptables"}, why="Machines of their own need a network of their own.")
    machines = [Machine(number) for number in (1, 2, 3)]
    with empty_folder(FOLDER), booted() as switch, in_network_of(switch), ExitStack() as powered:
        _ip("link", "add", "wire", "type", "bridge")
        _ip("address", "add", f"{SUBNET}.254/24", "dev", "wire")
        _ip("link", "set", "wire", "up")
        for machine in machines:
            powered.callback(machine.power_off)
            machine.power_on()
        yield machines


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
