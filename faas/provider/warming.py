"""Waiting for replicas that answer: once for each function, however many calls wait for it."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Coroutine

import aiohttp

from faas.provider.errors import NotFound, ProviderError, Unavailable
from faas.provider.functions import PORT, Function
from faas.provider.gateway_state import GatewayState
from faas.provider.replicas import addresses
from faas.provider.scaling import Scaling
from faas.provider.view import Functions, View

log = logging.getLogger(__name__)

Probe = Callable[[Function, str], Coroutine[None, None, bool]]

# How long an answer of a replica counts.
_FRESH = 1.0
# One that does not start in this time is looked at less often.
_EAGER = 30.0
_PAUSE, _LONG_PAUSE = 0.07, 2.0
_PROBED_AT_ONCE = 4
# How long direct calls wait for those that woke the function.
_PATIENCE = 2.0


def http_probe(http: aiohttp.ClientSession) -> Probe:
    """Make a probe that asks a replica for the function's ready path."""

    async def answers(function: Function, address: str) -> bool:
        # The name lets a replica of another function, which got the address since, refuse.
        url, headers = f"http://{address}:{PORT}{function.traffic.ready_path}", {"Host": function.name}
        try:
            async with http.get(url, headers=headers, timeout=aiohttp.ClientTimeout(total=1)) as response:
                return response.ok
        except (aiohttp.ClientError, TimeoutError):
            return False

    return answers


class Warming:
    """Finds replicas that answer, and takes the cold mark from functions that have some."""

    def __init__(self, view: View, state: GatewayState, scaling: Scaling, probe: Probe) -> None:
        """Nothing is waited for yet."""
        self._view = view
        self._state = state
        self._scaling = scaling
        self._probe = probe
        self._waits: dict[str, asyncio.Task[list[str]]] = {}
        self._found: dict[str, float] = {}
        self._silent: dict[str, float] = {}
        self._marking: set[asyncio.Task[None]] = set()
        self.queued: Callable[[str], int] = lambda _name: 0
        """How many calls wait in the activator for a function."""
        self.observe: Callable[[str, float], None] = lambda _name, _seconds: None
        """Told how long a woken function took."""
        self.why_not: Callable[[Function], Awaitable[str]] = _unknown
        """Asked why a function is not ready."""

    def follow(self, functions: Functions) -> None:
        """Wait for every cold function that has replicas, as it would be after a deployment."""
        awake = {function.service_id for function in functions.values() if function.replicas}
        self._silent = {service: since for service, since in self._silent.items() if service in awake}
        for name, function in functions.items():
            if function.replicas and self._state.is_cold(name) and not self._scaling.is_falling_asleep(name):
                # What was found may have been another function of that name.
                self.forget(name)
                self._wait_for(name)

    async def ready(self, name: str, *, within: float) -> list[str]:
        """Wake the function if it sleeps and return the addresses of replicas that answer.

        Raises NotFound, or Unavailable saying why none answered within that many seconds.
        """
        try:
            async with asyncio.timeout(within):
                while True:
                    if self._view.function(name).replicas == 0:
                        self.forget(name)
                        await self._scaling.wake(name)
                    if found := await asyncio.shield(self._wait_for(name)):
                        return found
        except TimeoutError:
            raise Unavailable(await self._why_not(name, within)) from None

    def silent(self, function: Function) -> float:
        """Tell for how many seconds replicas of a function have run and not answered; 0 if nobody waits for one."""
        since = self._silent.get(function.service_id)
        return 0 if since is None else time.monotonic() - since

    def forget(self, name: str) -> None:
        """Do not rely on what was found: a replica did not answer after all."""
        self._found.pop(name, None)

    def _wait_for(self, name: str) -> asyncio.Task[list[str]]:
        task = self._waits.get(name)
        if task is None or (task.done() and time.monotonic() - self._found.get(name, float("-inf")) > _FRESH):
            task = self._waits[name] = asyncio.create_task(self._find(name))
            task.add_done_callback(_consume)
        return task

    async def _find(self, name: str) -> list[str]:
        """Return addresses, or nothing when the function was removed or put to sleep meanwhile."""
        begin = time.monotonic()
        while (function := self._view.functions.get(name)) and function.replicas:
            if found := await self._answering(function):
                self._found[name] = time.monotonic()
                self._after_found(name)
                return found
            await asyncio.sleep(_PAUSE if time.monotonic() - begin < _EAGER else _LONG_PAUSE)
        return []

    async def _answering(self, function: Function) -> list[str]:
        try:
            candidates = addresses(await self._view.replicas_of(function, max_age=_PAUSE))
        except ProviderError as error:
            log.warning("cannot see replicas", extra={"function": function.name, "reason": str(error)})
            return []
        some = random.sample(candidates, min(len(candidates), _PROBED_AT_ONCE))
        answers = await asyncio.gather(*(self._probe(function, address) for address in some))
        found = [address for address, answered in zip(some, answers, strict=True) if answered]
        self._note_silence(function, begins=bool(candidates) and not found)
        return found

    def _note_silence(self, function: Function, *, begins: bool) -> None:
        if begins:
            self._silent.setdefault(function.service_id, time.monotonic())
        else:
            self._silent.pop(function.service_id, None)

    def _after_found(self, name: str) -> None:
        if (woken := self._scaling.woken.pop(name, None)) is not None:
            self.observe(name, time.monotonic() - woken)
        if self._state.is_cold(name):
            task = asyncio.create_task(self._mark_warm(name))
            self._marking.add(task)
            task.add_done_callback(self._marking.discard)

    async def _mark_warm(self, name: str) -> None:
        # Direct calls on top of the waiting ones would exceed what a replica takes at once.
        end = time.monotonic() + _PATIENCE
        while self._scaling.is_falling_asleep(name) or (self.queued(name) and time.monotonic() < end):  # noqa: ASYNC110
            await asyncio.sleep(_PAUSE)
        self._state.mark_warm(name)

    async def _why_not(self, name: str, within: float) -> str:
        function = self._view.functions.get(name)
        if function is None:
            raise NotFound(f"function {name} is not deployed")
        why = await self.why_not(function)
        return f"no replica of function {name} became ready within {within:g} s" + (f": {why}" if why else "")


async def _unknown(_function: Function) -> str:
    return ""


def _consume(task: asyncio.Task[list[str]]) -> None:
    if not task.cancelled():
        task.exception()
