"""Memory and CPU as Kubernetes writes them (`128Mi`, `100m`) and as Docker does (`128m`, `0.5`)."""

import re
from decimal import Decimal

from faas.provider.errors import BadRequest

_BINARY = {"k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_DECIMAL = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_FACTORS = {"": 1, **_BINARY, **_DECIMAL, **{f"{unit.upper()}i": factor for unit, factor in _BINARY.items()}}
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)([kmgtKMGT]?i?)[bB]?")
_CPU = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(m?)")

# Swarm refuses less; with a reason of the provider's own it reaches the person who deploys.
_LEAST_MEMORY = 4 * 1024**2
_LEAST_NANO_CPUS = 10**6


def memory_bytes(text: str, *, field: str) -> int:
    """Read an amount of memory. Raises BadRequest naming the field."""
    match = _MEMORY.fullmatch(text)
    if match is None or match[2] not in _FACTORS:
        raise BadRequest(f'{field}: "{text}" is no amount of memory such as 128Mi')
    amount = int(Decimal(match[1]) * _FACTORS[match[2]])
    if amount < _LEAST_MEMORY:
        raise BadRequest(f"{field}: {text} is too little memory, at least 4Mi is needed")
    return amount


def nano_cpus(text: str, *, field: str) -> int:
    """Read an amount of CPU, in billionths of a core. Raises BadRequest naming the field."""
    match = _CPU.fullmatch(text)
    if match is None:
        raise BadRequest(f'{field}: "{text}" is no amount of CPU such as 100m or 0.5')
    amount = int(Decimal(match[1]) * (10**6 if match[2] else 10**9))
    if amount < _LEAST_NANO_CPUS:
        raise BadRequest(f"{field}: {text} is too little CPU, at least 1m is needed")
    return amount
