"""How many replicas a function has. Zero is reached without losing a call, and left by whoever asks first."""

import asyncio
import logging
import time
from collections import defaultdict
from typing import Any

from faas.provider.errors import BadRequest, Conflict, Unavailable
from faas.provider.functions import Function, replicas_of, with_replicas
from faas.provider.gateway_state import GatewayState
from faas.provider.swarm import Swarm
from faas.provider.traffic import Traffic
from faas.provider.view import View, still_deployed

log = logging.getLogger(__name__)


def allowed_replicas(wanted: int, traffic: Traffic) -> int:
    """Clamp a request to the function's own maximum; less than its minimum is allowed, as upstream does."""
    if wanted < 0:
        raise BadRequest("replicas must not be negative")
    return wanted if traffic.max_replicas is None else min(wanted, traffic.max_replicas)


def kept_replicas(now: int, traffic: Traffic) -> int:
    """Carry the replicas over to another deployment, within its bounds; what sleeps goes on sleeping."""
    return allowed_replicas(max(now, traffic.min_replicas), traffic) if now else 0


class Scaling:
    """Changes the number of replicas, for one function one change at a time."""

    def __init__(self, swarm: Swarm, view: View, state: GatewayState, *, confirm_timeout: float) -> None:
        """`confirm_timeout` is how many seconds the gateways have to confirm that a function is cold."""
        self._swarm = swarm
        self._view = view
        self._state = state
        self._confirm_timeout = confirm_timeout
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._to_zero: set[str] = set()
        self.woken: dict[str, float] = {}
        """When each function that has not answered since was woken, on the monotonic clock."""

    async def scale(self, name: str, wanted: int, *, observed: int | None = None) -> None:
        """Give the function that many replicas. Raises Unavailable when zero cannot be reached without losing calls.

        Raises Conflict when it has not the replicas any more of which this was decided.
        """
        replicas = allowed_replicas(wanted, self._view.function(name).traffic)
        async with self._locks[name]:
            function = self._view.function(name)
            if observed not in (None, function.replicas):
                raise Conflict(f"{name} has {function.replicas} replicas by now, not {observed}")
            if replicas or not function.replicas:
                await self._set(function, replicas)
            else:
                await self._put_to_sleep(function)

    async def wake(self, name: str) -> None:
        """Start a sleeping function; do nothing if somebody did meanwhile."""
        async with self._locks[name]:
            function = self._view.function(name)
            if function.replicas == 0:
                self.woken[name] = time.monotonic()
                await self._set(function, max(1, function.traffic.min_replicas))

    def is_falling_asleep(self, name: str) -> bool:
        """Tell whether it is marked cold because its replicas are about to go."""
        return name in self._to_zero

    async def _put_to_sleep(self, function: Function) -> None:
        was_cold = self._state.is_cold(function.name)
        self._to_zero.add(function.name)
        try:
            await self._state.confirmed(self._state.mark_cold(function.name), within=self._confirm_timeout)
            await self._set(function, 0)
        except BaseException as error:
            if not was_cold:
                self._state.mark_warm(function.name)
            if isinstance(error, Unavailable):
                raise Unavailable(f"{function.name} cannot be scaled to zero without losing calls: {error}") from error
            raise
        finally:
            self._to_zero.discard(function.name)

    async def _set(self, function: Function, replicas: int) -> None:
        def change(spec: dict[str, Any]) -> dict[str, Any] | None:
            return None if replicas_of(spec) == replicas else with_replicas(spec, replicas)

        with still_deployed(function):
            changed = await self._swarm.update_service(function.service_id, change)
        if changed:
            log.info("scaled", extra={"function": function.name, "replicas": replicas, "before": function.replicas})
            await self._view.refresh()
