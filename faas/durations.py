"""Go's durations, as OpenFaaS' settings have them: `1m30s`."""

import re

_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|ms|s|m|h)")


def seconds(text: str) -> float:
    """Read a duration. Raises ValueError for anything that is none, and for one of no length."""
    parts = _PART.findall(text)
    total = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != text or total <= 0:
        raise ValueError(f'"{text}" is no duration such as 30s or 1m30s')
    return total


def seconds_or_number(text: str) -> float:
    """Read a duration; a bare number means seconds, as the watchdogs take it."""
    return seconds(f"{text}s" if text.isdecimal() else text)
