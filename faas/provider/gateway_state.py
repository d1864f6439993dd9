"""What the gateways' agents are told, what they confirmed, and which functions are cold.

Calls of a cold function go to the activator. A function is cold while it sleeps, before it sleeps (so that no call is
on its way to a replica that goes), and afterwards until a replica has answered.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from dataclasses import dataclass

from faas.provider.errors import Unavailable
from faas.provider.functions import Function
from faas.provider.traffic import gateway_fields

# An agent polls again at once; one that does not is gone.
_ALIVE = 10.0
_LOOK = 0.5


@dataclass
class Agent:
    """A gateway's agent, as its polls show it."""

    address: str
    polls: int = 0
    """Open at the moment."""
    seen: float = 0
    applied: int = 0
    """Number of the version that it said it serves."""


@dataclass(frozen=True)
class Deployed:
    """The part of a function that makes it the same one or another, and asleep or not."""

    service_id: str
    replicas: int


class GatewayState:
    """The versioned list of functions for the agents."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, gathering: float = 0) -> None:
        """Begin with no function and no agent. Versions of another provider's life mean nothing to this one.

        `gathering` is for how many seconds an agent of a running gateway may not have found this provider yet.
        """
        self._clock = clock
        self._gathered = clock() + gathering
        self._life = secrets.token_hex(4)
        self._number = 1
        self._entries: list[dict[str, object]] = []
        self._told: list[dict[str, object]] = []
        self._known: dict[str, Deployed] = {}
        self._cold: set[str] = set()
        self._agents: dict[str, Agent] = {}
        self._changed = asyncio.Event()
        self._closed = False

    @property
    def version(self) -> str:
        """The version of what is told now."""
        return f"{self._life}.{self._number}"

    def publish(self, functions: Iterable[Function], *, warm: Container[str] = ()) -> None:
        """Tell the agents these functions. New ones are cold, save those named in `warm`."""
        functions = sorted(functions, key=lambda function: function.name)
        known = {function.name: Deployed(function.service_id, function.replicas) for function in functions}
        self._cold &= known.keys()
        self._cold |= {name for name, now in known.items() if self._begins_cold(name, now, warm)}
        self._known = known
        self._entries = [_entry(function) for function in functions]
        self._tell()

    def is_cold(self, name: str) -> bool:
        """Tell whether its calls go to the activator."""
        return name in self._cold

    def mark_cold(self, name: str) -> int:
        """Send its calls to the activator. Return the number to wait for with `confirmed`."""
        self._cold.add(name)
        self._tell()
        return self._number

    def mark_warm(self, name: str) -> None:
        """Send its calls to its replicas, unless it has none."""
        if name in self._known and self._known[name].replicas:
            self._cold.discard(name)
            self._tell()

    async def poll(self, agent: str, *, address: str, have: str, wait: float) -> dict[str, object]:
        """Answer an agent as soon as there is another version than it has, or after `wait` seconds.

        That it has a version is its confirmation of it.
        """
        seen = self._agents.setdefault(agent, Agent(address))
        seen.address, seen.polls, seen.applied = address, seen.polls + 1, self._number_of(have)
        self._wake()
        end = self._clock() + wait
        try:
            while have == self.version and not self._closed and (left := end - self._clock()) > 0:
                await self._next_change(left)
        finally:
            seen.polls, seen.seen = seen.polls - 1, self._clock()
        return {"version": self.version, "functions": self._told}

    async def confirmed(self, number: int, *, within: float) -> None:
        """Wait until every live agent serves that version or a later one.

        Raises Unavailable when none is alive, or when one does not confirm within that many seconds.
        """
        end = self._clock() + within
        while late := self._late(number):
            if (left := end - self._clock()) <= 0:
                raise Unavailable(f"{late} within {within:g} s")
            await self._next_change(min(left, _LOOK))

    def live_agents(self) -> dict[str, Agent]:
        """Return the agents that poll."""
        now = self._clock()
        self._agents = {name: agent for name, agent in self._agents.items() if agent.polls or now - agent.seen < _ALIVE}
        return self._agents

    def close(self) -> None:
        """Let every poll end now."""
        self._closed = True
        self._wake()

    def _late(self, number: int) -> str:
        """Say what is missing for that version to be served everywhere; nothing if it is."""
        live = self.live_agents()
        if not live:
            return "no gateway is connected to the provider"
        if late := sorted(name for name, agent in live.items() if agent.applied < number):
            return f"gateway {', '.join(late)} did not confirm"
        return "" if self._clock() >= self._gathered else "not every gateway may have come back to the provider"

    def _begins_cold(self, name: str, now: Deployed, warm: Container[str]) -> bool:
        before = self._known.get(name)
        is_new = before is None or before.service_id != now.service_id
        return now.replicas == 0 or (is_new and name not in warm)

    def _tell(self) -> None:
        told = [{**entry, "cold": entry["name"] in self._cold} for entry in self._entries]
        if told != self._told:
            self._told = told
            self._number += 1
            self._wake()

    def _number_of(self, version: str) -> int:
        life, _, number = version.partition(".")
        return int(number) if life == self._life and number.isdigit() else 0

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _next_change(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)


def _entry(function: Function) -> dict[str, object]:
    asleep = function.replicas == 0
    return {"name": function.name, "service": function.service, "asleep": asleep, **gateway_fields(function.traffic)}
