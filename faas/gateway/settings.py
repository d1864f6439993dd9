"""The gateway's settings, read once at start."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Everything the gateway needs to know; the defaults are those of the stack file."""

    provider: str = "provider"
    """Host of the provider, which serves three ports."""
    client: str = "client:8000"
    """Where the shop answers, `host:port`."""
    upstream: str = ""
    """Host of OpenFaaS' own gateway, through which calls and the API pass; empty for none."""
    gateways: int = 1
    """How many gateways share the replicas' capacity."""
    maxconn: int = 4000
    """Client connections at once; HAProxy needs twice as many file descriptors, and 20,000 is a common limit."""
    cache_megabytes: int = 8
    """Memory for answers that say themselves (`Cache-Control: s-maxage`) that they may be given again; 0 keeps none."""
    certificate: Path | None = None
    """PEM file with certificate and key; when it exists the shop is also served with TLS on port 8443."""
    folder: Path = Path("/var/lib/gateway")
    """A volume: the last good configuration, so that a restart serves without the provider."""
    run_folder: Path = Path("/run/gateway")
    """A tmpfs: sockets, and server addresses that must not outlive the container."""
    secrets: Path = Path("/run/secrets")
    agent: str = "gateway"
    """The name under which this gateway confirms what it has applied."""

    @property
    def master_socket(self) -> Path:
        """The command line of HAProxy's master, which reloads."""
        return self.run_folder / "master.sock"

    @property
    def worker_socket(self) -> Path:
        """The command line of the worker that takes new connections."""
        return self.run_folder / "worker.sock"

    @property
    def servers_file(self) -> Path:
        """Addresses and health of all replicas, from one worker to the next."""
        return self.run_folder / "server-state"

    @property
    def provider_url(self) -> str:
        """The provider's own API."""
        return f"http://{self.provider}:8081"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the environment."""
        certificate = environment.get("TLS_CERT")
        return cls(
            provider=environment.get("PROVIDER", cls.provider),
            client=environment.get("CLIENT", cls.client),
            upstream=environment.get("UPSTREAM", cls.upstream),
            gateways=int(environment.get("GATEWAYS", cls.gateways)),
            maxconn=int(environment.get("MAXCONN", cls.maxconn)),
            cache_megabytes=int(environment.get("CACHE_MB", cls.cache_megabytes)),
            certificate=Path(certificate) if certificate else None,
            secrets=Path(environment.get("SECRETS_DIR", cls.secrets)),
            agent=socket.gethostname(),
        )
