"""The autoscaler's settings, read once at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where its neighbors are."""

    gateways: str
    """Host name of all gateways' tasks."""
    user: str
    password: str
    """The platform's API credentials."""
    provider_url: str = "http://provider:8081"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read environment and secrets. Raises SystemExit naming what is missing."""
        folder = Path(environment.get("SECRETS_DIR", "/run/secrets"))
        try:
            service = environment.get("GATEWAY_SERVICE") or f"{environment['STACK']}_gateway"
            user, password = ((folder / f"basic-auth-{part}").read_text().strip() for part in ("user", "password"))
        except (KeyError, FileNotFoundError) as error:
            raise SystemExit(f"The autoscaler cannot start without {error}.") from error
        return cls(f"tasks.{service}", user, password, environment.get("PROVIDER_URL", cls.provider_url))
