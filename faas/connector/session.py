"""One connection to the broker: brings queues, bindings and consumers to what the functions ask for."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping

from faas.connector import bindings, topology, unrouted
from faas.connector.bindings import Record
from faas.connector.broker import BrokerAway, Channel, Connection, NotConfirmed
from faas.connector.consumer import Call, Consumer
from faas.connector.names import ONLY_ONE_QUEUE, Exchanges, queue_of
from faas.connector.settings import Settings
from faas.connector.triggers import Trigger

# What a person deleted by mistake is made anew.
_DECLARE_EVERY = 60

log = logging.getLogger(__name__)


class Session:
    """What lasts as long as a connection does. Every method raises BrokerAway when that is lost."""

    def __init__(self, connection: Connection, control: Channel, *, call: Call, settings: Settings) -> None:
        self._connection = connection
        self._control = control
        self._call = call
        self._settings = settings
        self._exchanges = Exchanges(settings.exchange)
        self._record = Record(control, confirm_timeout=settings.confirm_timeout)
        self._consumers: dict[str, Consumer] = {}
        self._declare_at = 0.0

    @classmethod
    async def open(cls, *, call: Call, settings: Settings) -> "Session":
        """Connect as the only connector. Raises BrokerAway also when there is another."""
        connection = await Connection.open(settings.amqp_url)
        try:
            control = await connection.channel()
            await control.exclusive_queue(ONLY_ONE_QUEUE)
            session = cls(connection, control, call=call, settings=settings)
            await session._record.load()
        except BaseException:
            connection.close()
            raise
        return session

    @property
    def lost(self) -> asyncio.Future[str]:
        """Done when the connection is lost, with the reason."""
        return self._control.closed

    async def reconcile(self, triggers: Mapping[str, Trigger]) -> None:
        """Start, change and stop consumers so that they fit the triggers; what fails is tried at the next call."""
        await self._declare_now_and_then()
        wanted = bindings.wanted(self._record.topics, triggers.values())
        await self._record.save(bindings.both(self._record.topics, wanted))
        await self._unbind(wanted)
        await self._stop(name for name, consumer in self._consumers.items() if _is_over(consumer, triggers))
        for trigger in triggers.values():
            if trigger.topics:
                await self._consume(trigger)
        await self._record.save(wanted)
        await self._replay(wanted)

    async def close(self) -> None:
        """Take no more messages, let calls end as long as settings allow, and leave."""
        await self._stop(self._consumers)
        self._connection.close()

    async def _declare_now_and_then(self) -> None:
        if time.monotonic() >= self._declare_at:
            await topology.declare(self._control, self._exchanges)
            self._declare_at = time.monotonic() + _DECLARE_EVERY

    async def _unbind(self, wanted: Mapping[str, bindings.Topics]) -> None:
        for function, topic in bindings.surplus(self._record.topics, wanted):
            log.info("a topic is no longer wanted", extra={"function": function, "topic": topic})
            await self._control.unbind(queue_of(function), self._exchanges.events, topic)

    async def _consume(self, trigger: Trigger) -> None:
        consumer = self._consumers.get(trigger.function)
        try:
            if consumer is None:
                await self._start(trigger)
            elif consumer.trigger != trigger:
                consumer.trigger = trigger
                await consumer.bind()
        except BrokerAway as error:
            log.error("a function's queue is in trouble", extra={"function": trigger.function, "reason": str(error)})

    async def _start(self, trigger: Trigger) -> None:
        channel = await self._connection.channel()
        consumer = Consumer(channel, trigger, call=self._call, exchanges=self._exchanges, settings=self._settings)
        await consumer.start()
        self._consumers[trigger.function] = consumer
        log.info("consuming", extra={"function": trigger.function, "topics": sorted(trigger.topics)})

    async def _replay(self, wanted: Mapping[str, bindings.Topics]) -> None:
        # A function whose consumer did not start has no queue yet.
        topics = bindings.unreplayed(wanted, self._consumers)
        if not topics:
            return
        channel = await self._connection.channel()
        try:
            await unrouted.replay(channel, self._exchanges.unrouted, topics, within=self._settings.confirm_timeout)
        except NotConfirmed as error:
            log.warning("the replay is tried again", extra={"reason": str(error)})
            return
        await self._record.save(bindings.replayed(wanted, topics))

    async def _stop(self, functions: Iterable[str]) -> None:
        consumers = [self._consumers.pop(name) for name in list(functions)]
        stopping = (consumer.stop(within=self._settings.drain) for consumer in consumers)
        await asyncio.gather(*stopping, return_exceptions=True)


def _is_over(consumer: Consumer, triggers: Mapping[str, Trigger]) -> bool:
    """Whether a consumer has lost its channel, or its function no longer has a topic or takes other batches."""
    trigger = triggers.get(consumer.trigger.function)
    return (
        consumer.channel.closed.done()
        or trigger is None
        or not trigger.topics
        or trigger.batch != consumer.trigger.batch
    )
