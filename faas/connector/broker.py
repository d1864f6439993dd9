"""The connector's door to RabbitMQ: pika's callbacks as coroutines, every publish confirmed."""

import asyncio
from collections.abc import Callable
from typing import Any

import pika
from pika.adapters.asyncio_connection import AsyncioConnection

from faas.connector.messages import Message
from faas.connector.names import Arguments

_HEARTBEAT_SECONDS = 15
_BLOCKED_SECONDS = 30
_ANSWER_SECONDS = 10

Done = Callable[[Any], None]


class BrokerAway(Exception):
    """The connection or the channel is gone, with the broker's reason if it gave one."""


class NotConfirmed(Exception):
    """The broker did not take a message: it may still have it, so it is published again."""


class _Closable:
    """Something that ends once, with a reason; whoever waits for an answer is told."""

    def __init__(self) -> None:
        self.closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def _lost(self, _source: Any, reason: Any) -> None:
        if not self.closed.done():
            self.closed.set_result(str(reason))

    async def _answer(self, ask: Callable[[Done], Any]) -> Any:
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        try:
            ask(answered.set_result)
        except pika.exceptions.AMQPError as error:
            raise BrokerAway(repr(error)) from error
        await first(answered, self.closed, within=_ANSWER_SECONDS)
        if answered.done():
            return answered.result()
        raise BrokerAway(self.closed.result() if self.closed.done() else "RabbitMQ does not answer")


class Connection(_Closable):
    """A connection. pika's heartbeats and its limit on being blocked end it when the broker hangs."""

    def __init__(self, url: str) -> None:
        super().__init__()
        parameters = pika.URLParameters(url)
        parameters.heartbeat = _HEARTBEAT_SECONDS
        parameters.blocked_connection_timeout = _BLOCKED_SECONDS
        self._pika = AsyncioConnection(parameters, on_open_error_callback=self._lost, on_close_callback=self._lost)

    @classmethod
    async def open(cls, url: str) -> "Connection":
        """Connect. Raises BrokerAway."""
        connection = cls(url)
        try:
            await connection._answer(connection._pika.add_on_open_callback)
        except BrokerAway:
            connection.close()
            raise
        return connection

    async def channel(self) -> "Channel":
        """Open a channel in confirm mode. What one channel does wrong ends that channel only."""
        opened = await self._answer(lambda done: self._pika.channel(on_open_callback=done))
        channel = Channel(opened)
        await channel.confirm()
        return channel

    def close(self) -> None:
        """Leave; what was not acknowledged is delivered again."""
        if not (self._pika.is_closing or self._pika.is_closed):
            self._pika.close()


class Channel(_Closable):
    """A channel; every method raises BrokerAway when it was closed."""

    def __init__(self, opened: Any) -> None:
        super().__init__()
        self._pika = opened
        self._last_tag = 0
        self._unconfirmed: dict[int, tuple[tuple[str, str, str], asyncio.Future[bool]]] = {}
        self._on_empty: Done = lambda _nothing: None
        opened.add_on_close_callback(self._lost)
        opened.add_on_cancel_callback(lambda frame: self._lost(opened, f"consumer cancelled: {frame.method}"))
        opened.add_on_return_callback(self._on_return)
        opened.add_callback(lambda _frame: self._on_empty(None), [pika.spec.Basic.GetEmpty], one_shot=False)

    async def confirm(self) -> None:
        """Ask the broker to confirm what is published here."""
        await self._answer(lambda done: self._pika.confirm_delivery(self._on_confirm, callback=done))

    async def exchange(self, name: str, kind: str, arguments: Arguments | None = None) -> None:
        """Declare a durable exchange."""
        await self._answer(
            lambda done: self._pika.exchange_declare(name, kind, durable=True, arguments=arguments, callback=done)
        )

    async def queue(self, name: str, arguments: Arguments) -> None:
        """Declare a durable queue."""
        await self._answer(
            lambda done: self._pika.queue_declare(name, durable=True, arguments=arguments, callback=done)
        )

    async def exclusive_queue(self, name: str) -> None:
        """Declare a queue that only this connection may have; it goes with the connection."""
        arguments = {"x-queue-type": "classic"}
        await self._answer(
            lambda done: self._pika.queue_declare(name, exclusive=True, arguments=arguments, callback=done)
        )

    async def bind(self, queue: str, exchange: str, key: str) -> None:
        """Let an exchange send to a queue."""
        await self._answer(lambda done: self._pika.queue_bind(queue, exchange, key, callback=done))

    async def unbind(self, queue: str, exchange: str, key: str) -> None:
        """Undo a binding; one that does not exist is no error."""
        await self._answer(lambda done: self._pika.queue_unbind(queue, exchange, key, callback=done))

    async def consume(self, queue: str, *, prefetch: int, on_message: Callable[[Message], None]) -> None:
        """Have messages delivered, at most `prefetch` that are not acknowledged."""

        def deliver(_channel: Any, method: Any, properties: Any, body: bytes) -> None:
            on_message(_message(method, properties, body))

        await self._answer(lambda done: self._pika.basic_qos(prefetch_count=prefetch, callback=done))
        await self._answer(lambda done: self._pika.basic_consume(queue, deliver, consumer_tag=queue, callback=done))

    async def cancel(self, queue: str) -> None:
        """Have no more messages of a queue delivered; those that were can still be acknowledged."""
        await self._answer(lambda done: self._pika.basic_cancel(queue, callback=done))

    async def get(self, queue: str) -> Message | None:
        """Take one message, or None when there is none at the moment."""

        def ask(done: Done) -> None:
            self._on_empty = done
            self._pika.basic_get(queue, lambda _channel, *found: done(_message(*found)))

        found: Message | None = await self._answer(ask)
        return found

    def ack(self, message: Message) -> None:
        """Tell the broker that a message is settled. When the channel was lost, it is delivered again."""
        if self._pika.is_open:
            self._pika.basic_ack(message.tag)

    async def publish(self, exchange: str, key: str, message: Message, *, within: float) -> None:
        """Publish and wait until a queue has it on its disk. Raises NotConfirmed when that is not sure in time."""
        if self.closed.done():
            raise BrokerAway(self.closed.result())
        tag, answer = self._send(exchange, key, message)
        await first(answer, self.closed, within=within)
        self._unconfirmed.pop(tag, None)
        if self.closed.done():
            raise BrokerAway(self.closed.result())
        if not (answer.done() and answer.result()):
            raise NotConfirmed(f"{exchange or 'the default exchange'} did not take a message for {key}")

    def close(self) -> None:
        """Give up the channel; what was taken here and not acknowledged goes back to its queue."""
        if self._pika.is_open:
            self._pika.close()

    def _send(self, exchange: str, key: str, message: Message) -> tuple[int, asyncio.Future[bool]]:
        properties = pika.BasicProperties(
            content_type=message.content_type, delivery_mode=2, message_id=message.id, headers=message.sent_headers
        )
        try:
            self._pika.basic_publish(exchange, key, message.body, properties, mandatory=True)
        except pika.exceptions.AMQPError as error:
            raise BrokerAway(repr(error)) from error
        self._last_tag += 1
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._unconfirmed[self._last_tag] = (exchange, key, message.id), answer
        return self._last_tag, answer

    def _on_return(self, _channel: Any, method: Any, properties: Any, _body: bytes) -> None:
        for sent, answer in self._unconfirmed.values():
            if sent == (method.exchange, method.routing_key, properties.message_id) and not answer.done():
                answer.set_result(False)

    def _on_confirm(self, frame: Any) -> None:
        accepted = isinstance(frame.method, pika.spec.Basic.Ack)
        for tag in self._tags(frame.method):
            _, answer = self._unconfirmed.pop(tag)
            # An unroutable message is confirmed too, after it was returned.
            if not answer.done():
                answer.set_result(accepted)

    def _tags(self, method: Any) -> list[int]:
        if not method.multiple:
            return [method.delivery_tag] if method.delivery_tag in self._unconfirmed else []
        return [tag for tag in self._unconfirmed if tag <= method.delivery_tag]


async def first(*futures: asyncio.Future[Any], within: float) -> None:
    """Wait until one of them is done, or so many seconds."""
    await asyncio.wait(futures, timeout=within, return_when=asyncio.FIRST_COMPLETED)


def _message(method: Any, properties: Any, body: bytes) -> Message:
    return Message.delivered(
        tag=method.delivery_tag,
        routing_key=method.routing_key,
        message_id=properties.message_id,
        content_type=properties.content_type,
        headers=properties.headers,
        body=body,
    )
