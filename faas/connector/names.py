"""The exchanges and queues of the connector, and what they are made with. Pure.

<events> ──topic──> fn.<function> ──> the connector ──> the function
    │ nobody asked for it                  │ failed              │ set aside
    v                                      v                     v
<unrouted>                      <delay.1s> … <delay.10m>    fn.<function>.dead
    ^ its queue is gone                    │ time is up
    └─────────── <retry> <─────────────────┘ ──> fn.<function>
"""

from dataclasses import dataclass
from typing import Any

from faas.connector.retries import Delay

Arguments = dict[str, Any]

BINDINGS_QUEUE = "connector.bindings"
ONLY_ONE_QUEUE = "connector.only-one"

_WEEK = 7 * 24 * 3600 * 1000
_QUORUM = {"x-queue-type": "quorum"}
# Only with reject-publish does a quorum queue hold a message until the queue it goes to has it.
_SAFE_DEAD_LETTERS = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}
# People and replays may look into these as often as they like.
_NO_DELIVERY_LIMIT = {"x-delivery-limit": -1}
_DELIVERY_LIMIT = {"x-delivery-limit": 20}


@dataclass(frozen=True)
class Exchanges:
    """The names that stem from the events' exchange: `shop.events` brings `shop.unrouted`, `shop.retry` and so on."""

    events: str

    @property
    def unrouted(self) -> str:
        """Gets what no queue asked for; a queue of the same name keeps it."""
        return self._sibling("unrouted")

    @property
    def retry(self) -> str:
        """Brings a message whose delay is over to its function's queue, or to `unrouted` when that is gone."""
        return self._sibling("retry")

    def delay(self, delay: Delay) -> str:
        """Takes messages that wait; their routing key is the function's queue."""
        return self._sibling(f"delay.{delay.name}")

    def _sibling(self, name: str) -> str:
        return f"{self.events.rpartition('.')[0] or self.events}.{name}"


def queue_of(function: str) -> str:
    """Where a function's messages wait for it."""
    return f"fn.{function}"


def dead_letter_queue_of(function: str) -> str:
    """Where a function's messages end that no call could settle."""
    return f"fn.{function}.dead"


def delay_queue_of(delay: Delay) -> str:
    """Where messages of all functions wait that are to be tried again after this delay."""
    return f"delay.{delay.name}"


def function_arguments(function: str) -> Arguments:
    """A message that was delivered too often, because its call ended the connector, is set aside by the broker."""
    target = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead_letter_queue_of(function)}
    return _QUORUM | target | _SAFE_DEAD_LETTERS | _DELIVERY_LIMIT


def dead_letter_arguments() -> Arguments:
    """Dead letters stay until a person takes them."""
    return _QUORUM | _NO_DELIVERY_LIMIT


def delay_arguments(delay: Delay, exchanges: Exchanges) -> Arguments:
    """A delay is a time to live, after which the message goes on with the routing key that it came with."""
    time = {"x-message-ttl": round(delay.seconds * 1000), "x-dead-letter-exchange": exchanges.retry}
    return _QUORUM | time | _SAFE_DEAD_LETTERS


def unrouted_arguments() -> Arguments:
    """Kept for a week, the oldest dropped first; whoever publishes the events declares it the same way."""
    return _QUORUM | {"x-message-ttl": _WEEK, "x-max-length": 100_000, "x-overflow": "drop-head"} | _NO_DELIVERY_LIMIT


def bindings_arguments() -> Arguments:
    """The record of bindings is read at every start."""
    return _QUORUM | _NO_DELIVERY_LIMIT
