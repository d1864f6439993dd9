"""The functions as the provider tells them, checked before they may shape the configuration."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_PATH = re.compile(r"(/([A-Za-z0-9._~-]+|\{[A-Za-z_][A-Za-z0-9_]*\}))+")
_HEALTH_PATH = re.compile(r"/[A-Za-z0-9._~/-]*")
_METHOD = re.compile(r"[A-Z]+")


@dataclass(frozen=True)
class Route:
    """A public call: `GET /api/books/{id}`."""

    method: str
    path: str

    @classmethod
    def from_json(cls, document: Mapping[str, str]) -> "Route":
        """Raises ValueError naming the part that cannot be routed."""
        return cls(_checked(_METHOD, document["method"], "method"), _checked(_PATH, document["path"], "route"))


@dataclass(frozen=True)
class Function:
    """What the gateway has to know of a function to carry its calls."""

    name: str
    service: str
    routes: tuple[Route, ...] = ()
    max_inflight: int = 8
    exec_timeout: float = 30.0
    """Seconds."""
    ready_path: str = "/_/health"
    idempotency_key: bool = False
    """A call with an Idempotency-Key may be sent again to another replica."""
    rate_limit: int | None = None
    """Calls a minute for each client."""
    max_body: int | None = None
    """Bytes."""
    cold: bool = False
    """Its calls go to the activator, which wakes it."""
    asleep: bool = False
    """It has no replicas, and nobody needs to look for them."""
    max_replicas: int = 20

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Function":
        """Read one entry of the provider's state; raises ValueError or KeyError saying what is wrong with it."""
        return cls(
            name=_checked(_NAME, document["name"], "name"),
            service=_checked(_NAME, document["service"], "service"),
            routes=tuple(Route.from_json(route) for route in document["routes"]),
            max_inflight=int(document["max_inflight"]),
            exec_timeout=float(document["exec_timeout"]),
            ready_path=_checked(_HEALTH_PATH, document["ready_path"], "ready path"),
            idempotency_key=bool(document["idempotency_key"]),
            rate_limit=_optional(document["rate_limit"]),
            max_body=_optional(document["max_body"]),
            cold=bool(document["cold"]),
            asleep=bool(document.get("asleep")),
            max_replicas=int(document["max_replicas"]),
        )


@dataclass(frozen=True)
class State:
    """All functions at one version, and those that were refused with the reason."""

    version: str
    functions: tuple[Function, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "State":
        """Read the provider's answer; one function that cannot be served never keeps the others out."""
        functions, refused = [], []
        for entry in document["functions"]:
            try:
                functions.append(Function.from_json(entry))
            except (KeyError, TypeError, ValueError) as error:
                refused.append((str(entry.get("name")), repr(error)))
        return cls(document["version"], tuple(functions), tuple(refused))

    @property
    def names(self) -> frozenset[str]:
        """Names of all functions."""
        return frozenset(function.name for function in self.functions)

    @property
    def cold(self) -> frozenset[str]:
        """Names of the functions whose calls go to the activator."""
        return frozenset(function.name for function in self.functions if function.cold)

    def needs_reload(self, other: "State") -> bool:
        """Tell whether more than the cold marks differ: those are changed in the running HAProxy."""
        return _awake(self.functions) != _awake(other.functions)


def _awake(functions: Iterable[Function]) -> list[Function]:
    return [replace(function, cold=False) for function in functions]


def _checked(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"{what} {text!r} cannot be routed")
    return text


def _optional(number: int | None) -> int | None:
    return None if number is None else int(number)
