"""A Swarm of three machines with functions on it."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from deploy.debian import TAG as DEBIAN
from deploy.recipes import plans
from tests.cluster.machines import REGISTRY, Machine, three_machines
from tests.cluster.up import RECIPES
from tests.live import ROOT
from tests.system.openfaas import OpenFaas
from tests.system.waiting import eventually

NAME = "bookstore-cluster"


@dataclass(frozen=True)
class Cluster:
    """Three machines that are one Swarm."""

    machines: list[Machine]

    @property
    def running(self) -> list[Machine]:
        """Those that have power."""
        return [machine for machine in self.machines if machine.is_on]

    def gateway(self, machine: Machine) -> str:
        """Where a machine's gateway answers."""
        return f"http://{machine.address}:8080"

    def openfaas(self, machine: Machine) -> OpenFaas:
        """The API as the operator reaches it through a machine."""
        secrets = ROOT / ".state" / NAME / "secrets"
        user, password = ((secrets / f"basic-auth-{part}").read_text().strip() for part in ("user", "password"))
        return OpenFaas(self.gateway(machine), user, password, f"{NAME}_platform")

    def replicas(self, function: str) -> dict[str, int]:
        """How many replicas of a function each machine runs."""
        return {machine.name: machine.runs(f"{NAME}_fn-{function}") for machine in self.running}


@pytest.fixture(scope="module")
def cluster(images: None) -> Iterator[Cluster]:
    """Three managers, the platform and the functions of this folder, brought up as the README says."""
    if os.geteuid() != 0:
        pytest.skip("machines of their own can only be started by root")
    with three_machines() as machines:
        try:
            first = machines[0]
            first.engine.load([plan.tag for plan in plans(DEBIAN, RECIPES).values()])
            _join(machines)
            first.engine.run(sys.executable, "-m", "tests.cluster.up", **_SETTINGS)
            _faas_cli(
                first, "login", "--password-stdin", given=(_STATE / "secrets" / "basic-auth-password").read_text()
            )
            _faas_cli(first, "up", "--yaml", "tests/cluster/stack.yml")
            yield Cluster(machines)
        finally:
            shutil.rmtree(_STATE, ignore_errors=True)


_STATE = ROOT / ".state" / NAME
_SETTINGS = {
    "STACK": NAME,
    "IMAGE_PREFIX": f"{REGISTRY}/bookstore",
    "OPENFAAS_URL": "http://127.0.0.1:8080",
    "OPENFAAS_CONFIG": str(_STATE / "openfaas"),
}


def _join(machines: list[Machine]) -> None:
    first, *others = machines
    first.docker.swarm.init(advertise_addr=first.address)
    token = first.docker.swarm.attrs["JoinTokens"]["Manager"]
    for machine in others:
        machine.docker.swarm.join([f"{first.address}:2377"], token, advertise_addr=machine.address)
    eventually(lambda: all(m.is_manager(first) for m in machines), within=30, what="a Swarm of three machines")


def _faas_cli(machine: Machine, *arguments: str, given: str = "") -> None:
    machine.engine.run(str(ROOT / ".venv" / "bin" / "faas-cli"), *arguments, given=given, **_SETTINGS)
