"""Times as Go reads, writes and lays them out."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

RFC3339 = "2006-01-02T15:04:05Z07:00"
_NAMED = {
    "ansic": "Mon Jan _2 15:04:05 2006",
    "unixdate": "Mon Jan _2 15:04:05 MST 2006",
    "rubydate": "Mon Jan 02 15:04:05 -0700 2006",
    "rfc822": "02 Jan 06 15:04 MST",
    "rfc822z": "02 Jan 06 15:04 -0700",
    "rfc850": "Monday, 02-Jan-06 15:04:05 MST",
    "rfc1123": "Mon, 02 Jan 2006 15:04:05 MST",
    "rfc1123z": "Mon, 02 Jan 2006 15:04:05 -0700",
    "rfc3339": RFC3339,
    "rfc3339nano": "2006-01-02T15:04:05.999999999Z07:00",
}
_FRACTION = re.compile(r"\.(\d+)")


class Moment(NamedTuple):
    """A time to the nanosecond: to the second, and the rest."""

    at: datetime
    nanoseconds: int = 0


def from_rfc3339(text: str) -> Moment:
    """Read a time. Raises ValueError for anything else."""
    fraction = _FRACTION.search(text)
    digits = fraction[1][:9].ljust(9, "0") if fraction else "0"
    at = datetime.fromisoformat(_FRACTION.sub("", text))
    if at.tzinfo is None:
        raise ValueError(f'"{text}" has no time zone')
    return Moment(at, int(digits))


def go_text(at: Moment) -> str:
    """A time as Go prints one by default: `2026-01-02 03:04:05.5 +0000 UTC`."""
    return laid_out(at, "2006-01-02 15:04:05.999999999 -0700 MST")


def layout(name: str) -> str:
    """The layout of that name, or the text itself, which is taken for one."""
    return _NAMED.get(name.lower(), name)


def laid_out(moment: Moment, pattern: str) -> str:
    """A time written as Go would from this layout."""
    return _PARTS.sub(lambda found: _part(moment, found[0]), pattern)


def _part(moment: Moment, part: str) -> str:
    if part in _FIXED:
        return _FIXED[part](moment.at)
    digits = f"{moment.nanoseconds:09d}"[: len(part) - 1]
    # Nines leave out what is zero at the end, zeros keep it.
    shown = digits.rstrip("0") if part[1] == "9" else digits
    return part[0] + shown if shown else ""


def _offset(at: datetime, *, colon: bool, zulu: bool) -> str:
    plain = f"{at:%z}" or "+0000"
    if zulu and plain == "+0000":
        return "Z"
    return f"{plain[:3]}:{plain[3:5]}" if colon else plain[:5]


def _zone(at: datetime) -> str:
    return "UTC" if not at.utcoffset() else _offset(at, colon=False, zulu=False)


_FIXED: dict[str, Callable[[datetime], str]] = {
    "Monday": lambda at: f"{at:%A}",
    "Mon": lambda at: f"{at:%a}",
    "January": lambda at: f"{at:%B}",
    "Jan": lambda at: f"{at:%b}",
    "2006": lambda at: f"{at.year:04d}",
    "-07:00": lambda at: _offset(at, colon=True, zulu=False),
    "-0700": lambda at: _offset(at, colon=False, zulu=False),
    "Z07:00": lambda at: _offset(at, colon=True, zulu=True),
    "Z0700": lambda at: _offset(at, colon=False, zulu=True),
    "MST": _zone,
    "01": lambda at: f"{at:%m}",
    "02": lambda at: f"{at:%d}",
    "03": lambda at: f"{at:%I}",
    "04": lambda at: f"{at:%M}",
    "05": lambda at: f"{at:%S}",
    "06": lambda at: f"{at:%y}",
    "15": lambda at: f"{at:%H}",
    "PM": lambda at: f"{at:%p}",
    "pm": lambda at: f"{at:%p}".lower(),
    "_2": lambda at: f"{at.day:2d}",
    "1": lambda at: str(at.month),
    "2": lambda at: str(at.day),
    "3": lambda at: str(at.hour % 12 or 12),
    "4": lambda at: str(at.minute),
    "5": lambda at: str(at.second),
}
_PARTS = re.compile("|".join([*map(re.escape, _FIXED), r"[.,](?:9+|0+)(?!\d)"]))
