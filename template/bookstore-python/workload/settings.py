"""What the environment says about this function, as of-watchdog names it."""

import os
import re
from dataclasses import dataclass
from functools import cache

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Settings:
    """Read once, at the start."""

    name: str
    """OPENFAAS_NAME: the function's name, set by the provider; empty elsewhere."""
    max_inflight: int
    """max_inflight: calls at a time, further ones are answered 429. Default 8."""
    exec_timeout: float
    """exec_timeout: seconds until a call is answered 504, a Go duration ("30s", "1m30s") or seconds. Default 30 s."""
    max_body: int
    """max_body: bytes of a request's body, larger ones are answered 413. Default 10 MiB."""
    drain: float
    """drain: seconds after SIGTERM in which calls are still accepted, until the gateway has noticed. Default 3 s."""


@cache
def settings() -> Settings:
    """The settings of this process. Raises ValueError naming the one that cannot be read."""
    return Settings(
        name=os.environ.get("OPENFAAS_NAME", ""),
        max_inflight=_whole("max_inflight", 8),
        exec_timeout=_seconds("exec_timeout", "30s"),
        max_body=_whole("max_body", 10 * 1024 * 1024),
        drain=_seconds("drain", "3s"),
    )


def _whole(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{name} is {text!r}: it must be a whole number of at least 1.")
    return int(text)


def _seconds(name: str, default: str) -> float:
    text = os.environ.get(name) or default
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if not re.fullmatch(r"(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+", text):
        raise ValueError(f"{name} is {text!r}: it must be a duration such as 30s or 1m30s.")
    return sum(float(value) * _UNITS[unit] for value, unit in re.findall(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)", text))
