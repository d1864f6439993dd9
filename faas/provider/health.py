"""What keeps functions from being ready, with the last words of the replica that tells it best."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from faas.provider.diagnosis import Diagnosis, diagnose, suspects
from faas.provider.errors import ProviderError
from faas.provider.functions import Function
from faas.provider.logs import parse_line
from faas.provider.replicas import Replica
from faas.provider.swarm import Swarm
from faas.provider.view import View

_WORDS, _WORD_LENGTH = 5, 200
# Neither a node that is away nor a container that is being removed may hold up the answer.
_PATIENCE = 2.0
_REMEMBERED = 1000


class Health:
    """Asks Swarm, and the engine where it may."""

    def __init__(self, swarm: Swarm, view: View, *, silent: Callable[[Function], float]) -> None:
        """`silent` tells for how many seconds no running replica of a function has answered."""
        self._swarm = swarm
        self._view = view
        self._silent = silent
        self._killed: dict[str, bool] = {}

    async def why_not(self, function: Function) -> str:
        """Say why the function is not ready, in a sentence; empty if it is."""
        found = await self._diagnosis(function)
        return found.reason if found else ""

    async def why_not_at_length(self, function: Function) -> str:
        """Say it with the last lines that the replica wrote."""
        found = await self._diagnosis(function)
        if found is None:
            return ""
        words = await self._last_words(found.witness) if found.witness else []
        return found.reason + (f"; last lines: {' | '.join(words)}" if words else "")

    async def _diagnosis(self, function: Function) -> Diagnosis | None:
        replicas = await self._view.replicas_of(function)
        told = partial(diagnose, function, replicas, now=datetime.now(UTC), silent=self._silent(function))
        found = told()
        if found is None or not (killed := await self._out_of_memory(suspects(replicas))):
            return found
        return told(out_of_memory=killed)

    async def _out_of_memory(self, replicas: Sequence[Replica]) -> set[str]:
        with suppress(ProviderError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                for replica in replicas:
                    if replica.id not in self._killed:
                        self._killed[replica.id] = await self._swarm.was_out_of_memory(replica.container_id)
        while len(self._killed) > _REMEMBERED:
            del self._killed[next(iter(self._killed))]
        return {replica.id for replica in replicas if self._killed.get(replica.id)}

    async def _last_words(self, replica: Replica) -> list[str]:
        try:
            async with asyncio.timeout(_PATIENCE):
                lines = [parse_line(raw) async for raw in self._swarm.task_logs(replica.id, tail=str(_WORDS))]
        except (ProviderError, TimeoutError):
            return []
        lines.sort(key=lambda line: line.timestamp)
        return [line.text.strip()[:_WORD_LENGTH] for line in lines[-_WORDS:] if line.text.strip()]
