"""Goes back to the deployment before when the last one does not stay up, where Swarm cannot do so by itself."""

import asyncio
import logging
from datetime import UTC, datetime

from faas.provider.deploying import Deployer
from faas.provider.diagnosis import is_hopeless
from faas.provider.errors import ProviderError
from faas.provider.functions import Function
from faas.provider.health import Health
from faas.provider.view import View

log = logging.getLogger(__name__)

_EVERY = 1.0


class Mender:
    """Looks at the functions that were updated a moment ago."""

    def __init__(self, view: View, health: Health, deployer: Deployer) -> None:
        """Nothing happens before `run`."""
        self._view = view
        self._health = health
        self._deployer = deployer

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.look()
            await asyncio.sleep(_EVERY)

    async def look(self) -> None:
        """Take back what is hopeless."""
        for function in list(self._view.functions.values()):
            try:
                await self._mend(function)
            except ProviderError as error:
                log.warning("cannot go back", extra={"function": function.name, "reason": str(error)})

    async def _mend(self, function: Function) -> None:
        now = datetime.now(UTC)
        if function.is_on_trial(now) and is_hopeless(function, await self._view.replicas_of(function), now=now):
            reason = await self._health.why_not_at_length(function)
            await self._deployer.take_back(function, reason=reason or "its replicas did not stay up")
