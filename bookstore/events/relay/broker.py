"""The relay's door to RabbitMQ: the exchange, and publishing in batches with every message confirmed."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pika
from pika.adapters.asyncio_connection import AsyncioConnection

from bookstore.events.envelope import BATCH_CONTENT_TYPE, CONTENT_TYPE
from bookstore.events.relay.pending import Message

EXCHANGE = "bookstore.events"
UNROUTED = "bookstore.unrouted"
UNROUTED_ARGUMENTS = {
    "x-queue-type": "quorum",
    "x-message-ttl": 7 * 24 * 3600 * 1000,
    "x-max-length": 100_000,
    "x-overflow": "drop-head",
    # A replay puts back what nobody wants yet, as often as functions appear.
    "x-delivery-limit": -1,
}
_HEARTBEAT_SECONDS = 15
_BLOCKED_SECONDS = 30
_ANSWER_SECONDS = 10


class BrokerAway(Exception):
    """RabbitMQ cannot be reached, or was lost before it answered."""


class Channel:
    """A channel in confirm mode on a connection of its own. `closed` is done as soon as either is lost."""

    def __init__(self) -> None:
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._last_tag = 0
        self._unconfirmed: dict[int, tuple[Message, asyncio.Future[bool]]] = {}

    async def open(self, url: str) -> None:
        """Connect and declare what the relay publishes to. Raises BrokerAway."""
        parameters = pika.URLParameters(url)
        parameters.heartbeat = _HEARTBEAT_SECONDS
        parameters.blocked_connection_timeout = _BLOCKED_SECONDS
        self._connection = AsyncioConnection(
            parameters, on_open_error_callback=self._lost, on_close_callback=self._lost
        )
        await self._answer(self._connection.add_on_open_callback)
        self._channel = await self._answer(lambda done: self._connection.channel(on_open_callback=done))
        self._channel.add_on_close_callback(self._lost)
        self._channel.add_on_return_callback(self._on_return)
        await self._answer(lambda done: self._channel.confirm_delivery(self._on_confirm, callback=done))
        await self._declare()

    async def publish(self, messages: Sequence[Message], *, within: float) -> list[Message]:
        """Send all at once; return those that the broker confirmed `within` seconds and put into a queue."""
        answers = [self._send(message) for message in messages]
        _, late = await asyncio.wait(answers, timeout=within)
        if late:
            # A broker that does not answer may be half gone; a new connection tells.
            self.close()
        return [message for message, answer in zip(messages, answers, strict=True) if answer.done() and answer.result()]

    def close(self) -> None:
        """Leave. What is not confirmed yet counts as not published."""
        if not (self._connection.is_closing or self._connection.is_closed):
            self._connection.close()
        self._lost()

    async def _declare(self) -> None:
        channel = self._channel
        await self._answer(lambda done: channel.exchange_declare(UNROUTED, "fanout", durable=True, callback=done))
        await self._answer(
            lambda done: channel.queue_declare(UNROUTED, durable=True, arguments=UNROUTED_ARGUMENTS, callback=done)
        )
        await self._answer(lambda done: channel.queue_bind(UNROUTED, UNROUTED, callback=done))
        alternate = {"alternate-exchange": UNROUTED}
        await self._answer(
            lambda done: channel.exchange_declare(EXCHANGE, "topic", durable=True, arguments=alternate, callback=done)
        )

    async def _answer(self, ask: Callable[[Callable[[Any], None]], Any]) -> Any:
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        ask(answered.set_result)
        await asyncio.wait({answered, self.closed}, timeout=_ANSWER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            self.close()
            raise BrokerAway("RabbitMQ does not answer.")
        return answered.result()

    def _send(self, message: Message) -> asyncio.Future[bool]:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if self.closed.done():
            answer.set_result(False)
            return answer
        headers = {"traceparent": message.traceparent} if message.traceparent else {}
        properties = pika.BasicProperties(
            content_type=BATCH_CONTENT_TYPE if message.body.startswith("[") else CONTENT_TYPE,
            delivery_mode=2,
            message_id=message.event_id,
            type=message.type,
            headers=headers,
        )
        self._channel.basic_publish(EXCHANGE, message.type, message.body.encode(), properties, mandatory=True)
        self._last_tag += 1
        self._unconfirmed[self._last_tag] = message, answer
        return answer

    def _on_confirm(self, frame: Any) -> None:
        confirmed = isinstance(frame.method, pika.spec.Basic.Ack)
        for tag in self._tags(frame.method):
            _, answer = self._unconfirmed.pop(tag)
            # An unroutable message is confirmed too, after it was returned.
            _settle(answer, confirmed)

    def _tags(self, method: Any) -> list[int]:
        if not method.multiple:
            return [method.delivery_tag]
        return [tag for tag in self._unconfirmed if tag <= method.delivery_tag]

    def _on_return(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        for message, answer in self._unconfirmed.values():
            if message.event_id == properties.message_id:
                _settle(answer, False)

    def _lost(self, *_reason: Any) -> None:
        if not self.closed.done():
            self.closed.set_result(None)
        for _, answer in self._unconfirmed.values():
            _settle(answer, False)
        self._unconfirmed.clear()


def _settle(answer: asyncio.Future[bool], result: bool) -> None:
    if not answer.done():
        answer.set_result(result)
