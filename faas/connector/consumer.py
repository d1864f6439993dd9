"""One function's messages: each is settled by what comes of its call, and acknowledged only then."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from faas.connector import metrics, topology
from faas.connector.broker import BrokerAway, Channel, NotConfirmed
from faas.connector.messages import Message
from faas.connector.names import Exchanges, dead_letter_queue_of, queue_of
from faas.connector.retries import Again, Answer, Dead, Done, Verdict, decide
from faas.connector.settings import Settings
from faas.connector.triggers import Trigger

Call = Callable[[str, Message], Awaitable[Answer]]

# While one batch is at work the next one gathers.
_BATCHES_AT_ONCE = 2
_BATCH_BYTES = 512 * 1024

log = logging.getLogger(__name__)


class Consumer:
    """Takes a function's messages on a channel of its own, so that trouble with one queue stays there."""

    def __init__(self, channel: Channel, trigger: Trigger, *, call: Call, exchanges: Exchanges, settings: Settings):
        self.trigger = trigger
        self.channel = channel
        self._call = call
        self._exchanges = exchanges
        self._settings = settings
        self._queue = queue_of(trigger.function)
        self._calls_at_once = _BATCHES_AT_ONCE if trigger.batch > 1 else settings.prefetch
        self._delivered: deque[Message] = deque()
        self._waiting: deque[Message] = deque()
        self._unsettled: dict[int, int] = {}
        self._handling: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Declare the function's queues, bind its topics and begin. Raises BrokerAway."""
        await topology.declare_function(self.channel, self.trigger.function, self._exchanges)
        await self.bind()
        prefetch = self._calls_at_once * self.trigger.batch
        await self.channel.consume(self._queue, prefetch=prefetch, on_message=self._on_message)

    async def bind(self) -> None:
        """Let the events of the function's topics come to its queue. Raises BrokerAway."""
        for topic in sorted(self.trigger.topics):
            await self.channel.bind(self._queue, self._exchanges.events, topic)

    async def stop(self, *, within: float) -> None:
        """Take no more messages, and let the calls that are on their way end; what is left is delivered again."""
        if self.channel.closed.done():
            # What is on its way comes again in any case.
            within = 0
        else:
            await self.channel.cancel(self._queue)
        self._delivered.clear()
        self._waiting.clear()
        if self._handling:
            await asyncio.wait(self._handling, timeout=within)
        for task in self._handling:
            task.cancel()
        self.channel.close()

    def _on_message(self, message: Message) -> None:
        self._delivered.append(message)
        self._go_on()

    def _go_on(self) -> None:
        if self.channel.closed.done():
            # What waits here is delivered again elsewhere.
            return
        while len(self._handling) < self._calls_at_once and self._first_that_waits():
            task = asyncio.create_task(self._handle(self._next()))
            self._handling.add(task)
            task.add_done_callback(self._on_handled)

    def _on_handled(self, task: asyncio.Task[None]) -> None:
        self._handling.discard(task)
        self._go_on()

    def _next(self) -> list[Message]:
        """Take what the next call brings: the first that waits, and with it what may share a call."""
        taken = [self._waiting.popleft()]
        size = len(taken[0].body)
        while (
            taken[0].may_be_batched
            and len(taken) < self.trigger.batch
            and (following := self._first_that_waits())
            and following.may_be_batched
            and (size := size + len(following.body)) <= _BATCH_BYTES
        ):
            taken.append(self._waiting.popleft())
        return taken

    def _first_that_waits(self) -> Message | None:
        # Taken apart one after the other: in pieces, all that was delivered would take several times the memory.
        if not self._waiting and self._delivered:
            delivery = self._delivered.popleft()
            self._waiting.extend(delivery.events())
            self._unsettled[delivery.tag] = len(self._waiting)
        return self._waiting[0] if self._waiting else None

    async def _handle(self, messages: list[Message]) -> None:
        in_flight = metrics.IN_FLIGHT.labels(self.trigger.function)
        in_flight.inc(len(messages))
        try:
            await (self._handle_batch(messages) if len(messages) > 1 else self._handle_one(messages[0]))
        except BrokerAway as error:
            log.warning(
                "what was called with will be delivered again", extra=self._about(messages[0], reason=str(error))
            )
        except Exception:
            # Not acknowledged and not forgotten: a closed channel gives it back, and the broker counts.
            log.exception("the message could not be handled", extra=self._about(messages[0]))
            self.channel.close()
        finally:
            in_flight.dec(len(messages))

    async def _handle_one(self, message: Message) -> None:
        answer = await self._call(self.trigger.function, message)
        await self._settle(message, self._verdict(message, answer))

    async def _handle_batch(self, messages: list[Message]) -> None:
        answer = await self._call(self.trigger.function, Message.batch(messages))
        verdict = self._verdict(messages[0], answer)
        for message in messages:
            # Which of them is to blame shows when each is called alone.
            await (self._handle_one(message) if isinstance(verdict, Dead) else self._settle(message, verdict))

    def _verdict(self, message: Message, answer: Answer) -> Verdict:
        return decide(answer, attempt=message.attempts + 1, policy=self.trigger.policy)

    async def _settle(self, message: Message, verdict: Verdict) -> None:
        function = self.trigger.function
        match verdict:
            case Done():
                metrics.DELIVERED.labels(function).inc()
            case Again(delay, reason):
                log.warning("calling again later", extra=self._about(message, wait=delay.name, reason=reason))
                await self._publish(self._exchanges.delay(delay), self._queue, message.failed(reason))
                metrics.RETRIED.labels(function).inc()
            case Dead(reason):
                log.error("set aside", extra=self._about(message, reason=reason))
                dead = message.dead(reason, function=function, at=datetime.now(UTC))
                await self._publish("", dead_letter_queue_of(function), dead)
                metrics.DEAD_LETTERED.labels(function).inc()
        self._ack(message)

    def _ack(self, message: Message) -> None:
        """Acknowledge a delivery with the last of its events."""
        self._unsettled[message.tag] -= 1
        if not self._unsettled[message.tag]:
            del self._unsettled[message.tag]
            self.channel.ack(message)

    async def _publish(self, exchange: str, key: str, message: Message) -> None:
        while True:
            try:
                return await self.channel.publish(exchange, key, message, within=self._settings.confirm_timeout)
            except NotConfirmed as error:
                log.warning("publishing again", extra=self._about(message, reason=str(error)))
                await asyncio.sleep(self._settings.pause)

    def _about(self, message: Message, **more: object) -> dict[str, object]:
        what = {"function": self.trigger.function, "event_id": message.id, "topic": message.topic}
        return {**what, "traceparent": message.headers.get("traceparent"), "attempt": message.attempts + 1, **more}
