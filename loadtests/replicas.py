"""How many replicas each function had, watched through OpenFaaS' own API."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import gevent
import requests


@dataclass
class ReplicaWatch:
    """Polls the gateway's list of functions and remembers each function's course."""

    gateway: str
    auth: tuple[str, str]
    course: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    errors: int = 0

    @classmethod
    def from_environment(cls) -> "ReplicaWatch":
        """Find the gateway and the operator's credentials where `make up` left them."""
        stack = os.environ.get("STACK", "bookstore")
        secrets = Path(__file__).parent.parent / ".state" / stack / "secrets"
        gateway = os.environ.get("OPENFAAS_URL", f"http://127.0.0.1:{os.environ.get('GATEWAY_PORT', '8080')}")
        user, password = ((secrets / f"basic-auth-{part}").read_text().strip() for part in ("user", "password"))
        return cls(gateway, (user, password))

    def start(self) -> None:
        """Watch in the background until the process ends."""
        gevent.spawn(self._watch)

    def now(self) -> dict[str, int]:
        """The desired replicas of every function at this moment."""
        answer = requests.get(f"{self.gateway}/system/functions", auth=self.auth, timeout=10)
        answer.raise_for_status()
        return {function["name"]: function.get("replicas", 0) for function in answer.json()}

    def peaks(self) -> dict[str, int]:
        """The most replicas that each function had."""
        return {name: max(count for _, count in seen) for name, seen in self.course.items()}

    def wait_until_calm(self, names: list[str], *, seconds: float) -> list[str]:
        """Wait until the functions are back at one replica; return those that are not in time."""
        deadline = time.monotonic() + seconds
        while True:
            present = self.now()
            high = [name for name in names if present.get(name) != 1]
            if not high or time.monotonic() > deadline:
                return high
            gevent.sleep(1)

    def _watch(self) -> None:
        while True:
            try:
                for name, count in self.now().items():
                    self.course.setdefault(name, []).append((time.time(), count))
            except requests.RequestException:
                self.errors += 1
            gevent.sleep(1)
