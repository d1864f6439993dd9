"""Which topics each function's queue is bound to.

AMQP cannot list bindings, so the connector keeps a record of them as one message in a queue. It is written before
anything is bound, so that it never knows less than the broker, and again after what was kept for a topic is replayed.
"""

import json
from collections.abc import Iterable, Mapping

from faas.connector.broker import Channel
from faas.connector.messages import Message
from faas.connector.names import BINDINGS_QUEUE, bindings_arguments
from faas.connector.triggers import Trigger

Topics = dict[str, bool]
"""A function's topics; True when what was kept for the topic has been replayed to the function."""


class Record:
    """The record, as far as it is on the broker's disk."""

    def __init__(self, channel: Channel, *, confirm_timeout: float) -> None:
        self._channel = channel
        self._timeout = confirm_timeout
        self._held: list[Message] = []
        self.topics: dict[str, Topics] = {}

    async def load(self) -> None:
        """Read the record. Two are found after a crash between writing and dropping: the younger one counts."""
        await self._channel.queue(BINDINGS_QUEUE, bindings_arguments())
        await self._take()
        if self._held:
            self.topics = json.loads(self._held[-1].body)

    async def save(self, topics: dict[str, Topics]) -> None:
        """Write the record; nothing is sent when it has not changed."""
        if topics == self.topics:
            return
        message = Message(BINDINGS_QUEUE, "bindings", json.dumps(topics).encode(), "application/json")
        await self._channel.publish("", BINDINGS_QUEUE, message, within=self._timeout)
        for old in self._held:
            self._channel.ack(old)
        self._held.clear()
        await self._take()
        self.topics = topics

    async def _take(self) -> None:
        while message := await self._channel.get(BINDINGS_QUEUE):
            self._held.append(message)


def wanted(recorded: Mapping[str, Topics], triggers: Iterable[Trigger]) -> dict[str, Topics]:
    """The record as it shall be. A function that is gone keeps its topics: its queue waits for it to come back."""
    present = {
        trigger.function: {topic: recorded.get(trigger.function, {}).get(topic, False) for topic in trigger.topics}
        for trigger in triggers
        if trigger.topics or trigger.function in recorded
    }
    return {**{function: dict(topics) for function, topics in recorded.items()}, **present}


def both(first: Mapping[str, Topics], second: Mapping[str, Topics]) -> dict[str, Topics]:
    """Everything that either knows; where they differ the second is right."""
    return {function: {**first.get(function, {}), **second.get(function, {})} for function in {**first, **second}}


def surplus(recorded: Mapping[str, Topics], wanted: Mapping[str, Topics]) -> list[tuple[str, str]]:
    """The bindings, as function and topic, that are no longer wanted."""
    return [
        (function, topic)
        for function, topics in recorded.items()
        for topic in topics
        if topic not in wanted.get(function, {})
    ]


def unreplayed(topics: Mapping[str, Topics], functions: Iterable[str]) -> dict[str, list[str]]:
    """The topics of these functions for which something older may have been kept."""
    found = {name: [topic for topic, done in topics.get(name, {}).items() if not done] for name in functions}
    return {name: missing for name, missing in found.items() if missing}


def replayed(topics: Mapping[str, Topics], done: Mapping[str, Iterable[str]]) -> dict[str, Topics]:
    """The record after the kept messages of these topics have been replayed."""
    return {name: {**entry, **dict.fromkeys(done.get(name, ()), True)} for name, entry in topics.items()}
