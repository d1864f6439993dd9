"""What the provider is told at its start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Every time is in seconds."""

    stack: str
    """`STACK`: the provider sees only what carries this name."""
    network: str
    """`NETWORK`: full name of the overlay that functions and gateway share."""
    user: str
    password: str
    """Secrets `basic-auth-user` and `basic-auth-password`."""
    docker: str = "unix:///var/run/docker.sock"
    """`DOCKER_HOST`: a manager's engine."""
    provider_port: int = 8081
    gateway_port: int = 8082
    activator_port: int = 8083
    agent_port: int = 9101
    """Where the gateways' agents answer."""
    ready_timeout: float = 30
    """How long a call waits for a sleeping function."""
    confirm_timeout: float = 10
    """How long scaling to zero waits for the gateways' agents."""
    gathering: float = 5
    """After what time every gateway's agent has found a provider that started anew; each tries every two seconds."""

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read environment and secrets. Raises SystemExit naming what is missing."""
        folder = Path(environment.get("SECRETS_DIR", "/run/secrets"))
        try:
            return cls(
                stack=environment["STACK"],
                network=environment["NETWORK"],
                user=_secret(folder, "basic-auth-user"),
                password=_secret(folder, "basic-auth-password"),
                docker=environment.get("DOCKER_HOST", cls.docker),
            )
        except (KeyError, FileNotFoundError) as error:
            raise SystemExit(f"The provider cannot start without {error}.") from error


def _secret(folder: Path, name: str) -> str:
    return (folder / name).read_text().strip()
