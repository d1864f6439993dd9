"""How calls reach a function: what its annotations, labels and environment say about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from faas.durations import seconds_or_number
from faas.provider.deployment import Deployment
from faas.provider.errors import BadRequest
from faas.provider.routes import Route, parse_routes

T = TypeVar("T")

# of-watchdog's 0 means no limit; a balancer needs a number.
_NO_LIMIT = 1000
DEFAULT_MAX_REPLICAS = 20


@dataclass(frozen=True)
class Traffic:
    """What gateway, activator and scaling keep to. Times in seconds, sizes in bytes."""

    routes: tuple[Route, ...] = ()
    max_inflight: int = 8
    """Requests at once for one replica."""
    exec_timeout: float = 30
    ready_path: str = "/_/health"
    idempotency_key: bool = False
    """A request with an Idempotency-Key may be sent to another replica."""
    rate_limit: int | None = None
    """Requests a minute for one client."""
    max_body: int | None = None
    min_replicas: int = 1
    max_replicas: int | None = None
    sleeps: bool = False
    """Having no replica is a state of its own, not an end."""

    @property
    def first_replicas(self) -> int:
        """How many replicas a new function starts with: none where its labels allow none."""
        return self.min_replicas if self.sleeps else max(1, self.min_replicas)


def traffic_of(deployment: Deployment) -> Traffic:
    """Read it from a deployment. Raises BadRequest naming the annotation, label or variable that is wrong."""
    annotations, labels, environment = deployment.annotations, deployment.labels, deployment.env_vars
    traffic = Traffic(
        routes=parse_routes(annotations.get("http.route", "")),
        max_inflight=_read(environment, "max_inflight", whole_number, 8) or _NO_LIMIT,
        exec_timeout=_read(environment, "exec_timeout", seconds_or_number, 30.0),
        ready_path=_read(annotations, "com.openfaas.ready.http.path", _path, "/_/health"),
        idempotency_key=_read(annotations, "http.idempotency-key", _flag, False),
        rate_limit=_read(annotations, "http.rate-limit", _per_minute, None),
        max_body=_read(annotations, "http.max-body", whole_number, None),
        min_replicas=_read(labels, "com.openfaas.scale.min", whole_number, 1),
        max_replicas=_read(labels, "com.openfaas.scale.max", whole_number, None),
        sleeps=labels.get("com.openfaas.scale.zero") == "true",
    )
    if traffic.max_replicas is not None and not max(1, traffic.min_replicas) <= traffic.max_replicas:
        raise BadRequest("com.openfaas.scale.max is below com.openfaas.scale.min or below 1")
    return traffic


def gateway_fields(traffic: Traffic) -> dict[str, object]:
    """Write what a gateway's agent has to know."""
    return {
        "routes": [{"method": route.method, "path": route.path} for route in traffic.routes],
        "max_inflight": traffic.max_inflight,
        "exec_timeout": traffic.exec_timeout,
        "ready_path": traffic.ready_path,
        "idempotency_key": traffic.idempotency_key,
        "rate_limit": traffic.rate_limit,
        "max_body": traffic.max_body,
        "max_replicas": traffic.max_replicas or DEFAULT_MAX_REPLICAS,
    }


def whole_number(text: str) -> int:
    """Read a number of things. Raises ValueError."""
    if not re.fullmatch(r"\d{1,12}", text):
        raise ValueError(f'"{text}" is no whole number')
    return int(text)


def _read(declared: dict[str, str], key: str, read: Callable[[str], T], default: T) -> T:
    if key not in declared:
        return default
    try:
        return read(declared[key].strip())
    except ValueError as error:
        raise BadRequest(f"{key}: {error}") from None


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f'"{text}" is neither true nor false')
    return text == "true"


def _per_minute(text: str) -> int:
    match = re.fullmatch(r"([1-9]\d{0,6})/m", text)
    if match is None:
        raise ValueError(f'"{text}" is no rate such as 120/m')
    return int(match[1])


def _path(text: str) -> str:
    # It ends up in the balancer's configuration.
    if not re.fullmatch(r"/[A-Za-z0-9._~/-]*", text):
        raise ValueError(f'"{text}" is no path')
    return text
