"""What the relay is told at its start."""

import os
from dataclasses import dataclass
from typing import get_args

from bookstore.database import Domain
from bookstore.secrets import secret


@dataclass(frozen=True)
class Settings:
    """Every time is in seconds."""

    amqp_url: str
    """Secret `rabbitmq-relay`: a user who may use the names `bookstore.*`."""
    database_urls: dict[Domain, str]
    """Secrets `<domain>-relay-db`: users who reach the outbox tables only."""
    poll: float = 0.1
    """How long a committed event may wait unseen. Asking costs a tenth of a millisecond."""
    batch: int = 500
    """Events on their way to the broker at once, for each domain."""
    confirm_timeout: float = 10
    """After this the batch counts as not published and is tried again."""
    pause: float = 1
    """Between attempts to reach what does not answer."""
    keep_published: float = 600
    """How long a published row stays, for people who look for it."""
    metrics_port: int = 9104

    @classmethod
    def read(cls) -> "Settings":
        """Read the secrets and `METRICS_PORT`. Raises RuntimeError naming the first secret that is missing."""
        urls = {domain: secret(f"{domain}-relay-db") for domain in get_args(Domain)}
        port = int(os.environ.get("METRICS_PORT", cls.metrics_port))
        return cls(amqp_url=secret("rabbitmq-relay"), database_urls=urls, metrics_port=port)
