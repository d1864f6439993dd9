"""Keeps a session with the broker going, and follows what the functions ask for."""

import asyncio
import logging
from collections.abc import Mapping

from faas.connector import metrics
from faas.connector.broker import BrokerAway, NotConfirmed, first
from faas.connector.consumer import Call
from faas.connector.session import Session
from faas.connector.settings import Settings
from faas.connector.triggers import Trigger

log = logging.getLogger(__name__)


class Connector:
    """One connector works at a time, another waits. `active` is set as soon as this one has worked."""

    def __init__(self, settings: Settings, call: Call) -> None:
        self.active = asyncio.Event()
        self._settings = settings
        self._call = call
        self._triggers: dict[str, Trigger] = {}
        self._changed = asyncio.Event()
        self._trouble = ""

    def update(self, triggers: Mapping[str, Trigger]) -> None:
        """Take over what the functions ask for now."""
        if triggers != self._triggers:
            self._triggers = dict(triggers)
            self._changed.set()

    async def run(self) -> None:
        """Work until cancelled; a broker that is away, or another connector at work, is waited for."""
        while True:
            try:
                session = await Session.open(call=self._call, settings=self._settings)
                await self._work(session)
            except (BrokerAway, NotConfirmed) as error:
                self._tell(str(error))
            await asyncio.sleep(self._settings.pause)

    async def _work(self, session: Session) -> None:
        try:
            while not session.lost.done():
                self._changed.clear()
                await session.reconcile(self._triggers)
                self._trouble = ""
                self.active.set()
                metrics.CONNECTED.set(1)
                await self._wait(session)
            raise BrokerAway(session.lost.result())
        finally:
            metrics.CONNECTED.set(0)
            await session.close()

    async def _wait(self, session: Session) -> None:
        changed = asyncio.create_task(self._changed.wait())
        try:
            await first(changed, session.lost, within=self._settings.refresh)
        finally:
            changed.cancel()

    def _tell(self, reason: str) -> None:
        if reason != self._trouble:
            log.warning("waiting for RabbitMQ", extra={"reason": reason})
        self._trouble = reason
