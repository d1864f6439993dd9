"""The one door to the autoscaler: what it thinks of each function, and what it did."""

from dataclasses import dataclass
from typing import Any

from faas.dashboard.source import Source, Unknown

Decision = dict[str, Any]
"""A scaling as the autoscaler writes it: at, function, from, to, reason, recommended, load, policy."""


@dataclass(frozen=True)
class Decisions:
    """The last scalings, the oldest first."""

    since: float = float("inf")
    """Unix time from which on none is missing."""
    changes: tuple[Decision, ...] = ()


class Autoscaler:
    """Asked for what it remembers."""

    def __init__(self, source: Source) -> None:
        """`source` is its own port."""
        self._source = source

    async def verdicts(self) -> dict[str, dict[str, Any]]:
        """Return what it sees and thinks, by function. Raises Unknown, also while it cannot see the load."""
        told = await self._source.read_json("/verdicts")
        if problem := told["complaints"].get(""):
            raise Unknown(problem)
        verdicts: dict[str, dict[str, Any]] = told["verdicts"]
        for name, complaint in told["complaints"].items():
            if name in verdicts:
                verdicts[name]["complaint"] = complaint
        return verdicts

    async def decisions(self) -> Decisions:
        """Return what it did. Raises Unknown."""
        told = await self._source.read_json("/changes")
        return Decisions(told["since"], tuple(told["changes"]))
