"""A live stack for the system and browser tests, brought up by the same commands as a user's."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Stack:
    """A running shop: where it answers and how to command it."""

    name: str
    shop_port: int
    gateway_port: int
    kept: bool

    @classmethod
    def from_environment(cls) -> "Stack":
        """The tests' own stack; with `KEEP_STACK=1` it stays, so that the next run starts at once."""
        return cls("bookstore-test", 18000, 18080, os.environ.get("KEEP_STACK") == "1")

    @property
    def shop_url(self) -> str:
        """The public entrance: the shop and /api."""
        return f"http://127.0.0.1:{self.shop_port}"

    @property
    def gateway_url(self) -> str:
        """The OpenFaaS gateway."""
        return f"http://127.0.0.1:{self.gateway_port}"

    @property
    def network(self) -> str:
        """The overlay network that everything of it joins."""
        return f"{self.name}_platform"

    @property
    def environment(self) -> dict[str, str]:
        """The settings that make every command act on this stack."""
        settings = {
            "STACK": self.name,
            "SHOP_PORT": str(self.shop_port),
            "GATEWAY_PORT": str(self.gateway_port),
            "OPENFAAS_URL": self.gateway_url,
            "OPENFAAS_CONFIG": str(ROOT / ".state" / self.name / "openfaas"),
        }
        return {**os.environ, **settings}

    def up(self) -> None:
        """Bring it up as `make up` does."""
        self.deploy("up")

    def destroy(self) -> None:
        """Remove everything that was made for it."""
        self.deploy("destroy")

    def deploy(self, command: str) -> None:
        """Run `python -m deploy <command>` for this stack."""
        subprocess.run([sys.executable, "-m", "deploy", command], cwd=ROOT, env=self.environment, check=True)

    def audit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `make audit`; a return code of 0 says that everything balances."""
        command = [sys.executable, "-m", "deploy", "audit", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def faas_cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run our faas-cli against this stack."""
        command = [str(Path(sys.executable).with_name("faas-cli")), *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def secret(self, name: str) -> str:
        """A secret that `make up` made for this stack."""
        return (ROOT / ".state" / self.name / "secrets" / name).read_text().strip()
