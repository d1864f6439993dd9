"""How often each function was called, as the gateways counted."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import aiohttp

log = logging.getLogger(__name__)

_FRESH = 1.0
_TIMEOUT = aiohttp.ClientTimeout(total=1)


class Invocations:
    """Adds up the counters of all gateways."""

    def __init__(self, http: aiohttp.ClientSession, *, agents: Callable[[], Iterable[str]]) -> None:
        """`agents` gives `host:port` of every live gateway's agent."""
        self._http = http
        self._agents = agents
        self._asked = float("-inf")
        self._told: dict[str, Counter[str]] = {}
        self._asking = asyncio.Lock()

    async def counts(self) -> Mapping[str, int]:
        """Return the calls by function. A gateway that does not answer counts as it did last."""
        async with self._asking:
            if time.monotonic() - self._asked > _FRESH:
                agents = list(self._agents())
                answers = await asyncio.gather(*(self._ask(agent) for agent in agents))
                self._told = dict(zip(agents, answers, strict=True))
                self._asked = time.monotonic()
        return sum(self._told.values(), Counter())

    async def _ask(self, agent: str) -> Counter[str]:
        try:
            async with self._http.get(f"http://{agent}/load", timeout=_TIMEOUT) as response:
                functions = (await response.json())["functions"]
        except (aiohttp.ClientError, TimeoutError) as error:
            log.debug("no counts from a gateway", extra={"agent": agent, "reason": repr(error)})
            return self._told.get(agent, Counter())
        return Counter({name: int(load["requests_total"]) for name, load in functions.items()})
