"""Everything in RabbitMQ that functions share, and each function's own queues; declared again at every start."""

from faas.connector import names
from faas.connector.broker import Channel
from faas.connector.names import Exchanges
from faas.connector.retries import DELAYS


async def declare(channel: Channel, exchanges: Exchanges) -> None:
    """Declare the exchanges, the waiting rooms and the place for what nobody asked for."""
    await channel.exchange(exchanges.unrouted, "fanout")
    await channel.queue(exchanges.unrouted, names.unrouted_arguments())
    await channel.bind(exchanges.unrouted, exchanges.unrouted, "")
    await channel.exchange(exchanges.events, "topic", {"alternate-exchange": exchanges.unrouted})
    await channel.exchange(exchanges.retry, "direct", {"alternate-exchange": exchanges.unrouted})
    for delay in DELAYS:
        # Fanout, so that one binding serves all functions; the routing key stays what it is.
        await channel.exchange(exchanges.delay(delay), "fanout")
        await channel.queue(names.delay_queue_of(delay), names.delay_arguments(delay, exchanges))
        await channel.bind(names.delay_queue_of(delay), exchanges.delay(delay), "")


async def declare_function(channel: Channel, function: str, exchanges: Exchanges) -> None:
    """Declare a function's queue and its dead-letter queue, and let its retries come back to it."""
    queue = names.queue_of(function)
    await channel.queue(names.dead_letter_queue_of(function), names.dead_letter_arguments())
    await channel.queue(queue, names.function_arguments(function))
    await channel.bind(queue, exchanges.retry, queue)
