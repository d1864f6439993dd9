"""What functions use: CPU and memory of the replicas on the provider's own node, which is all that its engine knows."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

from faas.provider.errors import ProviderError
from faas.provider.replicas import Replica
from faas.provider.swarm import Consumption, Swarm

# Two looks at a replica's CPU time lie at least so far apart, and the first of them at most so long ago.
_SHORTEST, _LONGEST = 0.5, 60.0


@dataclass(frozen=True)
class Usage:
    """What replicas use."""

    cpu: float
    """Thousandths of a core, since the look before."""
    memory: int
    """Bytes."""

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.cpu + other.cpu, self.memory + other.memory)

    def to_json(self) -> dict[str, float]:
        """Write it as FunctionStatus does."""
        return {"cpu": self.cpu, "totalMemoryBytes": self.memory}


class Meter:
    """Looks at replicas, and remembers what it saw."""

    def __init__(self, swarm: Swarm) -> None:
        """Nothing has been seen yet."""
        self._swarm = swarm
        self._seen: dict[str, tuple[Consumption, Usage]] = {}

    async def usage(self, replicas: Iterable[Replica]) -> Usage | None:
        """Measure the running replicas that can be read; None if there are none. The first look takes half a second."""
        here = await self._swarm.node_id()
        containers = [replica.container_id for replica in replicas if replica.running and replica.node_id == here]
        self._forget()
        measured = await asyncio.gather(*(self._measured(container) for container in containers))
        found = [usage for usage in measured if usage is not None]
        return sum(found[1:], found[0]) if found else None

    async def _measured(self, container: str) -> Usage | None:
        before, usage = self._seen.get(container, (None, None))
        if before is not None and time.monotonic() - before.at < _SHORTEST:
            return usage
        try:
            if before is None:
                before = await self._swarm.consumption(container)
                await asyncio.sleep(_SHORTEST)
            now = await self._swarm.consumption(container)
        except ProviderError:
            # It ended meanwhile.
            return None
        usage = Usage(cpu=1000 * (now.cpu_seconds - before.cpu_seconds) / (now.at - before.at), memory=now.memory)
        self._seen[container] = now, usage
        return usage

    def _forget(self) -> None:
        oldest = time.monotonic() - _LONGEST
        self._seen = {container: seen for container, seen in self._seen.items() if seen[0].at > oldest}
