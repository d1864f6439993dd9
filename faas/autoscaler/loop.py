"""Looks at the load every other second, decides, and has the provider scale."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Protocol

from faas.autoscaler.decision import Load, Memory, Verdict, decide, remember
from faas.autoscaler.functions import Function, ProviderError, Superseded
from faas.autoscaler.history import History, Look
from faas.autoscaler.labels import BadLabel, Kind, Policy, policy_of
from faas.autoscaler.load import Blind
from faas.autoscaler.metrics import Metrics

log = logging.getLogger(__name__)

_EVERY = 2.0
_MEAN_OVER = 4.0
_REMEMBERED = 200


class Sight(Protocol):
    """Where the load is seen."""

    async def look(self) -> dict[str, Look]:
        """Return the figures by gateway, or raise Blind."""


class Hands(Protocol):
    """Where functions are listed and scaled."""

    async def functions(self) -> list[Function]:
        """All functions."""

    async def scale(self, function: Function, replicas: int) -> None:
        """Give a function this many replicas instead of those it has."""


class Autoscaler:
    """What is remembered between two looks."""

    def __init__(self, sight: Sight, hands: Hands, metrics: Metrics, clock: Callable[[], float] = time.time) -> None:
        """Begin without any memory: what runs is kept until a whole window has been seen."""
        self._sight, self._hands, self._metrics, self._clock = sight, hands, metrics, clock
        self._history = History(_MEAN_OVER)
        self._memories: dict[str, Memory] = {}
        self._scaling: dict[str, asyncio.Task[None]] = {}
        self._complaints: dict[str, str] = {}
        self._began = clock()
        self.changes: deque[dict[str, Any]] = deque(maxlen=_REMEMBERED)
        """The last scalings with what they were decided from."""
        self.verdicts: dict[str, dict[str, Any]] = {}
        """What is thought of each function now, and from what; empty while the load cannot be seen."""

    @property
    def remembers_since(self) -> float:
        """Unix time from which on `changes` is complete."""
        return self.changes[0]["at"] if len(self.changes) == _REMEMBERED else self._began

    @property
    def complaints(self) -> Mapping[str, str]:
        """What keeps a function from being scaled as asked, by its name; under "" what keeps all of them."""
        return self._complaints

    async def run(self) -> None:
        """Never ends; whatever fails, the functions keep what they have."""
        while True:
            try:
                await self.step()
                self._complain("", None)
            except (Blind, ProviderError) as error:
                self._metrics.sees.set(0)
                self.verdicts.clear()
                self._complain("", str(error))
            await asyncio.sleep(_EVERY)

    async def step(self) -> None:
        """Look once and act on it. Raises Blind or ProviderError, and nothing is changed then."""
        functions = await self._hands.functions()
        self._history.record(await self._sight.look())
        self._forget_all_but({function.name for function in functions})
        if not self._history.ready:
            return
        self._metrics.sees.set(1)
        self._metrics.begin()
        for function in functions:
            self._judge(function)

    def _judge(self, function: Function) -> None:
        now, name = self._clock(), function.name
        policy, load = self._policy(function), self._history.load(name)
        if name in self._scaling:
            return
        memory = self._memories[name] = remember(self._memories.get(name), function.replicas, now)
        verdict = decide(load, policy, memory, now)
        self._metrics.show(name, load, policy, verdict)
        self.verdicts[name] = _inputs(load, policy, verdict) | {"replicas": verdict.replicas}
        if verdict.replicas != function.replicas:
            change = self._note(function, load, policy, verdict)
            self._scaling[name] = asyncio.create_task(self._scale(function, verdict, change))

    async def _scale(self, function: Function, verdict: Verdict, change: dict[str, Any]) -> None:
        name, direction = function.name, "up" if verdict.replicas > function.replicas else "down"
        try:
            await self._hands.scale(function, verdict.replicas)
            self._memories[name].replicas = verdict.replicas
            self._metrics.changes.labels(name, direction).inc()
        except Superseded as error:
            # Nothing came of it. After any other error something may have, and the reason is asked for.
            with suppress(ValueError):
                self.changes.remove(change)
            log.info("scaled by somebody else", extra={"function": name, "reason": str(error)})
        except ProviderError as error:
            self._metrics.failures.labels(name).inc()
            log.error("cannot scale", extra={"function": name, "replicas": verdict.replicas, "reason": str(error)})
        finally:
            del self._scaling[name]

    def _note(self, function: Function, load: Load, policy: Policy, verdict: Verdict) -> dict[str, Any]:
        """Tell of a change before it is made: whoever sees its effect asks for the reason at once."""
        change = {"function": function.name, "from": function.replicas, "to": verdict.replicas}
        change |= _inputs(load, policy, verdict)
        log.info("scaling", extra=change)
        noted = {"at": self._clock(), **change}
        self.changes.append(noted)
        return noted

    def _policy(self, function: Function) -> Policy:
        try:
            policy = policy_of(function.labels)
        except BadLabel as error:
            self._complain(function.name, f"{error}; the defaults are used")
            return Policy()
        unsupported = policy.kind is Kind.CPU
        self._complain(function.name, "scaling by cpu is not supported; its replicas are kept" if unsupported else None)
        return policy

    def _complain(self, name: str, problem: str | None) -> None:
        """Tell a problem once, when it begins."""
        if problem and self._complaints.get(name) != problem:
            log.warning(
                "not scaled as asked" if name else "nothing is scaled", extra={"function": name, "reason": problem}
            )
        if problem:
            self._complaints[name] = problem
        else:
            self._complaints.pop(name, None)

    def _forget_all_but(self, names: set[str]) -> None:
        for gone in set(self._memories) - names - set(self._scaling):
            del self._memories[gone]
        for gone in set(self.verdicts) - names:
            del self.verdicts[gone]


def _inputs(load: Load, policy: Policy, verdict: Verdict) -> dict[str, Any]:
    """Write what a verdict came from, and which rule set it."""
    decided = {"reason": verdict.reason, "recommended": verdict.recommended}
    return decided | {"load": asdict(load), "policy": asdict(policy)}
