"""Messages that nobody asked for are kept; a function that appears later still gets them."""

from collections.abc import Mapping, Sequence

from faas.connector import metrics
from faas.connector.broker import Channel
from faas.connector.names import queue_of
from faas.connector.triggers import matches


async def replay(channel: Channel, unrouted: str, topics: Mapping[str, Sequence[str]], *, within: float) -> None:
    """Give each function the kept messages of its topics; leave the others where they are.

    `channel` is used for nothing else and closed. Whatever ends it halfway, no message is lost: one is dropped from the
    kept only after every function that wants it has it.
    """
    try:
        # What is not acknowledged stays out of sight until the channel is closed, so each message comes once.
        while message := await channel.get(unrouted):
            takers = [name for name, patterns in topics.items() if any(matches(p, message.topic) for p in patterns)]
            for function in takers:
                await channel.publish("", queue_of(function), message, within=within)
                metrics.REPLAYED.labels(function).inc()
            if takers:
                channel.ack(message)
    finally:
        channel.close()
