"""Keeps HAProxy in step with the provider: marks functions cold as it runs, and reloads it for everything else."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from faas.gateway.configuration import COLD_MAP, CONFIGURATION, Surroundings, cold_map, render
from faas.gateway.functions import State
from faas.gateway.generations import Generations
from faas.gateway.haproxy import HAProxyError
from faas.gateway.provider import Provider, Unreachable
from faas.gateway.settings import Settings
from faas.gateway.workers import Workers

log = logging.getLogger(__name__)

# Functions deployed one after the other share a reload.
_BETWEEN_RELOADS = 1.0
_PAUSE = 2.0


class Rejected(Exception):
    """HAProxy refuses the configuration made from a state."""


class Agent:
    """What is applied, and how it gets there."""

    def __init__(
        self,
        settings: Settings,
        surroundings: Surroundings,
        generations: Generations,
        workers: Workers,
        flaw: Callable[[Path], str | None],
    ) -> None:
        """Begin with what HAProxy has loaded."""
        self._settings, self._surroundings = settings, surroundings
        self._generations, self._workers, self._flaw = generations, workers, flaw
        self.applied = generations.state() if generations.is_loaded() else None
        self.problem = ""
        """Why the provider's last state is not applied, or not known."""
        self.reloads = 0
        self.failures = 0
        self.reloaded_at = 0.0
        """Unix time of the last reload."""

    @property
    def version(self) -> str:
        """The version that HAProxy serves."""
        return self.applied.version if self.applied else ""

    async def follow(self, provider: Provider) -> None:
        """Apply every state of the provider, for ever. Whatever fails, HAProxy goes on with what it has."""
        while True:
            try:
                await self._follow_once(provider)
                self._solved()
            except (Unreachable, Rejected, HAProxyError) as error:
                self._failed(error)
                await asyncio.sleep(_PAUSE)

    async def apply(self, state: State) -> None:
        """Make HAProxy serve this state. Raises Rejected or HAProxyError; what was served before is served then."""
        await self._mark(state)
        if self.applied is None or state.needs_reload(self.applied):
            await self._reload(state)
        self._generations.rewrite(COLD_MAP, cold_map(state), state)
        self.applied = state

    async def _follow_once(self, provider: Provider) -> None:
        state = await provider.state(have=self.version)
        rest = self.reloaded_at + _BETWEEN_RELOADS - time.time()
        if rest > 0 and self.applied and state.needs_reload(self.applied):
            await asyncio.sleep(rest)
            state = await provider.state(have=self.version, wait=0)
        if state.version != self.version:
            await self.apply(state)
            log.info("applied", extra={"version": state.version, "functions": len(state.functions)})
            for name, reason in state.refused:
                log.error("a function cannot be served", extra={"function": name, "reason": reason})

    async def _mark(self, state: State) -> None:
        """Change the marks at once, in workers that are ending too: their clients may have one more call."""
        if self.applied is None:
            return
        changed = (self.applied.cold ^ state.cold) & self.applied.names
        await self._workers.mark(COLD_MAP, {name: str(int(name in state.cold)) for name in sorted(changed)})

    async def _reload(self, state: State) -> None:
        staged = self._generations.stage(render(state, self._settings, self._surroundings), state)
        if flaw := await asyncio.to_thread(self._flaw, staged / CONFIGURATION):
            self._generations.discard(staged)
            raise Rejected(flaw)
        before = self._generations.in_use()
        self._generations.adopt(staged)
        try:
            await self._workers.replace(self._settings.servers_file, state.names)
        except HAProxyError:
            if before:
                self._generations.adopt(before)
            raise
        self._generations.note_loaded()
        self.reloads, self.reloaded_at = self.reloads + 1, time.time()

    def _failed(self, error: Exception) -> None:
        self.failures += not isinstance(error, Unreachable)
        if str(error) != self.problem:
            log.error("not in step with the provider", extra={"reason": str(error), "version": self.version})
        self.problem = str(error)

    def _solved(self) -> None:
        if self.problem:
            log.info("in step with the provider again", extra={"version": self.version})
        self.problem = ""
