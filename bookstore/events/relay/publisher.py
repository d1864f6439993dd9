"""The connection to the broker, kept up in a thread of its own and shared by the domains' threads."""

import asyncio
import logging
import threading
from collections.abc import Sequence

from bookstore.events.relay.broker import BrokerAway, Channel
from bookstore.events.relay.pending import Message

log = logging.getLogger(__name__)


class Publisher:
    """Publishes batches. `connected` tells whether it can at the moment."""

    def __init__(self, amqp_url: str, *, pause: float, confirm_timeout: float) -> None:
        self._url = amqp_url
        self._pause = pause
        self._timeout = confirm_timeout
        self._channel: Channel | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    @property
    def connected(self) -> bool:
        """True while there is a connection that was not lost."""
        return self._channel is not None

    def start(self) -> None:
        """Begin to connect, and to connect again whenever the connection is lost."""
        self._thread.start()

    def stop(self) -> None:
        """Leave the broker."""
        self._loop.call_soon_threadsafe(self._keeping.cancel)
        self._thread.join(self._timeout)

    def publish(self, messages: Sequence[Message]) -> list[Message]:
        """Publish a batch and wait; return what the broker has on its disk. Raises BrokerAway when there is none."""
        return asyncio.run_coroutine_threadsafe(self._publish(messages), self._loop).result()

    async def _publish(self, messages: Sequence[Message]) -> list[Message]:
        if self._channel is None:
            raise BrokerAway("There is no connection to RabbitMQ.")
        return await self._channel.publish(messages, within=self._timeout)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._keeping = self._loop.create_task(self._keep_connected())
        try:
            self._loop.run_until_complete(self._keeping)
        except asyncio.CancelledError:
            log.info("left RabbitMQ")

    async def _keep_connected(self) -> None:
        while True:
            channel = Channel()
            try:
                await channel.open(self._url)
                log.info("connected to RabbitMQ")
                self._channel = channel
                await channel.closed
                log.warning("the connection to RabbitMQ was lost")
            except BrokerAway as error:
                log.warning("waiting for RabbitMQ", extra={"reason": str(error)})
            finally:
                self._channel = None
                channel.close()
            await asyncio.sleep(self._pause)
