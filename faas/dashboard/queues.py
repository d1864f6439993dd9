"""The one door to the broker's figures: how many messages wait where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from faas.connector.names import dead_letter_queue_of, queue_of
from faas.dashboard.source import Source, Unknown

# Told to everybody on the platform's network; RabbitMQ's management API would want an administrator's password.
_PATH = "/metrics/detailed?family=queue_coarse_metrics&family=queue_consumer_count"
_FIGURES = {
    "rabbitmq_detailed_queue_messages_ready": "waiting",
    "rabbitmq_detailed_queue_messages_unacked": "in_hand",
    "rabbitmq_detailed_queue_consumers": "consumers",
}
_DELAYS, _UNROUTED = "delay.", ".unrouted"


@dataclass(frozen=True)
class Queue:
    """What one queue holds."""

    waiting: int = 0
    in_hand: int = 0
    """Taken by the connector, not yet settled."""
    consumers: int = 0


class Broker:
    """RabbitMQ, seen from outside."""

    def __init__(self, source: Source) -> None:
        """`source` is its port for Prometheus."""
        self._source = source

    async def queues(self) -> dict[str, Queue]:
        """Return all queues by name. Raises Unknown."""
        return read_queues((await self._source.read(_PATH)).decode())


def read_queues(text: str) -> dict[str, Queue]:
    """Read RabbitMQ's metrics. Raises Unknown."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    try:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if figure := _FIGURES.get(sample.name):
                    found[sample.labels["queue"]][figure] = int(sample.value)
    except (ValueError, KeyError) as error:
        raise Unknown("RabbitMQ answers in an unknown form") from error
    return {name: Queue(**figures) for name, figures in found.items()}


def by_function(queues: Mapping[str, Queue], functions: Iterable[str]) -> list[dict[str, object]]:
    """Tell for each function with a queue, deployed or gone, what waits for it and what it refused."""
    suffix = dead_letter_queue_of("").removeprefix(queue_of(""))
    with_queue = {
        name.removeprefix(queue_of("")).removesuffix(suffix) for name in queues if name.startswith(queue_of(""))
    }
    deployed = set(functions)
    return [
        {
            "function": function,
            "deployed": function in deployed,
            "waiting": (own := queues.get(queue_of(function), Queue())).waiting,
            "in_hand": own.in_hand,
            "consumers": own.consumers,
            "dead": queues.get(dead_letter_queue_of(function), Queue()).waiting,
        }
        for function in sorted(with_queue)
    ]


def shared(queues: Mapping[str, Queue]) -> dict[str, int]:
    """Count the messages of all functions together that wait for their next try, and those that nobody asked for."""
    return {
        "delayed": sum(queue.waiting + queue.in_hand for name, queue in queues.items() if name.startswith(_DELAYS)),
        "unrouted": sum(queue.waiting for name, queue in queues.items() if name.endswith(_UNROUTED)),
    }
