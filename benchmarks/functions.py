"""Functions made for the measurements, through the gateway's API."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parent.parent
ECHO = "bookstore/bench-echo:latest"


@dataclass(frozen=True)
class Gateway:
    """The gateway of a running stack."""

    stack: str
    url: str

    @classmethod
    def from_environment(cls) -> "Gateway":
        """The one of the same settings as `make up`."""
        port = os.environ.get("GATEWAY_PORT", "8080")
        return cls(os.environ.get("STACK", "bookstore"), f"http://127.0.0.1:{port}")

    def send(self, method: str, path: str, document: Any = None) -> requests.Response:
        """Call the API as the operator. Raises SystemExit with the reason when it is refused."""
        secret = ROOT / ".state" / self.stack / "secrets" / "basic-auth-password"
        answer = requests.request(
            method, self.url + path, json=document, auth=("admin", secret.read_text().strip()), timeout=60
        )
        if not answer.ok:
            raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def deploy(self, name: str, method: str = "POST", **more: Any) -> None:
        """Create an echo function, or with PUT replace it."""
        document = {"service": name, "image": ECHO, "annotations": {"com.openfaas.ready.http.path": "/_/ready"}}
        self.send(method, "/system/functions", {**document, **more})

    def scale(self, name: str, replicas: int) -> None:
        """Have so many replicas, and wait until they run."""
        self.ask_for(name, replicas)
        wait_until(lambda: self.available(name) == replicas, f"{replicas} replicas")

    def ask_for(self, name: str, replicas: int) -> None:
        """Have so many replicas, some time soon."""
        self.send("POST", f"/system/scale-function/{name}", {"serviceName": name, "replicas": replicas})

    def settled(self, names: Iterable[str], replicas: int) -> bool:
        """Whether each of the functions runs so many replicas of its present version."""
        found = self.send("GET", "/system/functions").json()
        running = {each["name"]: each.get("availableReplicas", 0) for each in found}
        return all(running.get(name) == replicas for name in names)

    def available(self, name: str) -> int:
        """How many replicas of a function run its present version."""
        return int(self.send("GET", f"/system/function/{name}").json().get("availableReplicas", 0))

    def remove(self, name: str) -> None:
        """Remove a function."""
        self.send("DELETE", "/system/functions", {"functionName": name})

    def answers(self, name: str) -> bool:
        """Whether a call succeeds."""
        return requests.get(f"{self.url}/function/{name}", timeout=30).ok


@contextmanager
def echo(gateway: Gateway, name: str, **more: Any) -> Iterator[str]:
    """An echo function that answers; return the address of its calls. It is removed afterwards."""
    gateway.deploy(name, **more)
    try:
        wait_until(lambda: gateway.answers(name), f"an answer of {name}")
        yield f"{gateway.url}/function/{name}"
    finally:
        gateway.remove(name)


def build_echo() -> None:
    """Build the image with the same template as every function's."""
    faas_cli = Path(sys.executable).with_name("faas-cli")
    subprocess.run([faas_cli, "build", "--yaml", "benchmarks/echo.yml"], cwd=ROOT, check=True, capture_output=True)


def wait_until(true: Callable[[], bool], what: str, *, within: float = 60, every: float = 0.05) -> None:
    """Ask until it is true, every so many seconds. Raises SystemExit after so many seconds."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit(f"{what} did not come within {within:g} s")
        time.sleep(every)
