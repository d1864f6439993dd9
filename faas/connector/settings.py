"""What the connector is told at its start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Every time is in seconds."""

    exchange: str
    """`EVENTS_EXCHANGE`: the topic exchange whose messages trigger functions, such as `shop.events`."""
    amqp_url: str
    """Secret `rabbitmq-connector`: a user who may declare queues and exchanges."""
    user: str
    password: str
    """Secrets `basic-auth-user` and `basic-auth-password`, for the provider."""
    signing_key: str
    """Secret `event-signing-key`: what private functions recognize the connector by."""
    provider_url: str = "http://provider:8081"
    gateway_url: str = "http://gateway:8080"
    refresh: float = 3
    """How soon a function's new topic is noticed."""
    prefetch: int = 8
    """Messages of one function on their way at once."""
    workers: int = 32
    """Calls on their way at once, of all functions."""
    call_timeout: float = 60
    """Longer than any function may take by itself."""
    confirm_timeout: float = 10
    pause: float = 1
    """Between attempts to reach what does not answer."""
    drain: float = 10
    """How long calls may go on after SIGTERM."""
    metrics_port: int = 9103

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read environment and secrets. Raises SystemExit naming what is missing."""
        folder = Path(environment.get("SECRETS_DIR", "/run/secrets"))
        try:
            return cls(
                exchange=environment["EVENTS_EXCHANGE"],
                amqp_url=_secret(folder, "rabbitmq-connector"),
                user=_secret(folder, "basic-auth-user"),
                password=_secret(folder, "basic-auth-password"),
                signing_key=_secret(folder, "event-signing-key"),
                provider_url=environment.get("PROVIDER_URL", cls.provider_url),
                gateway_url=environment.get("GATEWAY_URL", cls.gateway_url),
                metrics_port=int(environment.get("METRICS_PORT", cls.metrics_port)),
            )
        except (KeyError, FileNotFoundError) as error:
            raise SystemExit(f"The connector cannot start without {error}.") from error


def _secret(folder: Path, name: str) -> str:
    return (folder / name).read_text().strip()
