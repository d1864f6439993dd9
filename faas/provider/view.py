"""What is deployed and what runs, kept from Docker's events so that looking costs nothing."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from faas.provider.errors import NotFound, ProviderError
from faas.provider.functions import Function, function_of
from faas.provider.names import STACK_LABEL
from faas.provider.replicas import Replica, available, replica_of
from faas.provider.swarm import Swarm

log = logging.getLogger(__name__)

Functions = Mapping[str, Function]

# Tasks change without an event when they run on another node, so the picture ages.
_UNSETTLED_AGE = 1.0
_SETTLED_AGE = 10.0
_LONG_ENOUGH = timedelta(seconds=10)


class View:
    """The stack's functions and their replicas, as Swarm last told."""

    def __init__(self, swarm: Swarm, *, stack: str, network: str) -> None:
        """Know nothing yet: `run` or `refresh` fills it."""
        self.functions: Functions = {}
        self.loaded = asyncio.Event()
        self._swarm = swarm
        self._label = f"{STACK_LABEL}={stack}"
        self._prefix = f"{stack}_fn-"
        self._network = network
        self._listeners: list[Callable[[Functions], None]] = []
        self._refreshing = asyncio.Lock()
        self._looking = asyncio.Lock()
        self._replicas: Mapping[str, list[Replica]] = {}
        self._looked = float("-inf")
        self._settled = False

    def listen(self, listener: Callable[[Functions], None]) -> None:
        """Call back with all functions after every change."""
        self._listeners.append(listener)

    def function(self, name: str) -> Function:
        """Return a deployed function. Raises NotFound."""
        try:
            return self.functions[name]
        except KeyError:
            raise NotFound(f"function {name} is not deployed") from None

    async def run(self) -> None:
        """Follow Swarm for ever, through every absence of the engine."""
        while True:
            try:
                await self._follow()
            except ProviderError as error:
                log.warning("lost sight of Swarm", extra={"reason": str(error)})
            await asyncio.sleep(1)

    async def refresh(self) -> None:
        """Ask Swarm for the functions now, and tell the listeners."""
        async with self._refreshing:
            services = await self._swarm.services(label=self._label)
            self.functions = {function.name: function for function in _readable(services)}
            self._looked = float("-inf")
            if not self.loaded.is_set():
                await self.replicas(max_age=0)
            for listener in self._listeners:
                listener(self.functions)
            self.loaded.set()

    async def replicas(self, *, max_age: float | None = None) -> Mapping[str, list[Replica]]:
        """Return the replicas by function, at most `max_age` seconds old; by default older while nothing moves."""
        async with self._looking:
            usual = _SETTLED_AGE if self._settled else _UNSETTLED_AGE
            if time.monotonic() - self._looked >= (usual if max_age is None else max_age):
                await self._look()
            return self._replicas

    async def replicas_of(self, function: Function, *, max_age: float | None = None) -> list[Replica]:
        """Return the replicas of one function."""
        return (await self.replicas(max_age=max_age)).get(function.name, [])

    def serving(self) -> set[str]:
        """Name the functions of which a replica had run for long enough to answer, when last looked at."""
        begin = datetime.now(UTC) - _LONG_ENOUGH
        return {name for name, replicas in self._replicas.items() if any(each.runs_since(begin) for each in replicas)}

    async def _look(self) -> None:
        functions = self.functions
        self._looked = time.monotonic()
        names = {function.service_id: function.name for function in functions.values()}
        found: dict[str, list[Replica]] = {}
        for task in await self._swarm.tasks(label=self._label):
            if name := names.get(task["ServiceID"]):
                found.setdefault(name, []).append(replica_of(task, network=self._network))
        self._replicas = found
        self._settled = functions is self.functions and all(
            available(function, found.get(name, ())) == function.replicas for name, function in functions.items()
        )

    async def _follow(self) -> None:
        async with self._swarm.events() as events:
            await self.refresh()
            async for line in events:
                await self._see(json.loads(line))

    async def _see(self, event: Mapping[str, Any]) -> None:
        attributes = event["Actor"]["Attributes"]
        if event["Type"] == "service" and attributes.get("name", "").startswith(self._prefix):
            await self.refresh()
        elif attributes.get("com.docker.swarm.service.name", "").startswith(self._prefix):
            self._settled = False


@contextmanager
def still_deployed(function: Function) -> Iterator[None]:
    """Name the function in the NotFound that tells of its removal meanwhile."""
    try:
        yield
    except NotFound as error:
        raise NotFound(f"function {function.name} is not deployed any more") from error


def _readable(services: Iterable[Mapping[str, Any]]) -> Iterable[Function]:
    for service in services:
        try:
            function = function_of(service)
            _ = function.traffic
            yield function
        except (KeyError, ProviderError) as error:
            # One entry that cannot be read must not hide all others.
            log.warning("unreadable service", extra={"service": service["Spec"]["Name"], "reason": repr(error)})
