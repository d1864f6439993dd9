"""The functions of stack.yml: built and deployed with faas-cli, as a developer does it by hand."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
import yaml

from deploy.engine import last_line
from deploy.errors import DeployError
from deploy.registry import Registry
from deploy.settings import ROOT, Settings

_LOGS = ROOT / ".state" / "logs"
_STACK_FILE = ROOT / "stack.yml"
_AT_ONCE = str(os.cpu_count() or 1)
_READY_SECONDS = 120


class Functions:
    """The functions of one stack, reached through its gateway as the operator."""

    def __init__(self, settings: Settings, known: Mapping[str, str], registry: Registry | None = None) -> None:
        self._settings, self._known, self._registry = settings, known, registry

    def build(self) -> None:
        """Build an image for every function; unchanged ones come from the engine's cache. Several machines get them."""
        self._cli("build", "--yaml", str(_STACK_FILE), "--parallel", _AT_ONCE)
        if self._registry:
            self._cli("push", "--yaml", str(_STACK_FILE), "--parallel", _AT_ONCE)

    def deploy(self) -> None:
        """Deploy every function, and wait until each one has a replica that answers."""
        self._cli("login", "--username", self._known["basic-auth-user"], "--password-stdin", "--gateway", self._gateway)
        self._cli("deploy", "--yaml", str(_STACK_FILE), "--gateway", self._gateway)
        self._wait()

    def replace_secret(self, name: str) -> None:
        """Give a secret the content that this machine has for it; its functions start anew."""
        answer = requests.put(
            f"{self._gateway}/system/secrets",
            json={"name": name, "value": self._known[name]},
            auth=self._auth,
            timeout=60,
        )
        if not answer.ok:
            raise DeployError(f"The secret {name} could not be replaced: {answer.text.strip()}. Try again.")

    @property
    def _gateway(self) -> str:
        return self._settings.gateway_url

    @property
    def _auth(self) -> tuple[str, str]:
        return self._known["basic-auth-user"], self._known["basic-auth-password"]

    def _cli(self, *arguments: str) -> None:
        _LOGS.mkdir(parents=True, exist_ok=True)
        log = _LOGS / f"faas-cli-{arguments[0]}.log"
        program = Path(sys.executable).with_name("faas-cli")
        environment = {
            **os.environ,
            "OPENFAAS_URL": self._gateway,
            "OPENFAAS_CONFIG": str(self._settings.state / "openfaas"),
            "CURRENCY": self._settings.currency,
            "SHOP_URL": os.environ.get("SHOP_URL") or self._settings.shop_url,
            "IMAGE_PREFIX": self._registry.prefix if self._registry else "bookstore",
        }
        ran = subprocess.run(
            [program, *arguments],
            cwd=ROOT,
            env=environment,
            input=self._known["basic-auth-password"] if arguments[0] == "login" else None,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        log.write_text(ran.stdout)
        if ran.returncode != 0:
            raise DeployError(f"`faas-cli {arguments[0]}` failed ({last_line(ran.stdout)}): see {log}.")

    def _wait(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while missing := self._not_ready():
            if time.monotonic() > deadline:
                raise DeployError(f"No replica after {_READY_SECONDS} s: {', '.join(missing)}. Run `make status`.")
            time.sleep(0.3)

    def _not_ready(self) -> list[str]:
        answer = requests.get(f"{self._gateway}/system/functions", auth=self._auth, timeout=30)
        found: list[dict[str, Any]] = answer.json() if answer.ok else []
        # One that was scaled to zero on purpose wakes with its first call.
        ready = {f["name"] for f in found if f.get("availableReplicas") or f.get("replicas") == 0}
        return sorted(function_names() - ready)


def function_names() -> set[str]:
    """The names in stack.yml."""
    return set(yaml.safe_load(_STACK_FILE.read_text())["functions"])
