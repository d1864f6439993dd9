"""Functions that take several events in one call."""

import json
import threading
import time
from collections.abc import Callable
from itertools import chain

import pytest

from tests.integration.connector.conftest import OK, Answer, Call
from tests.integration.connector.test_connector import AWAY, TRACE, ready
from tests.integration.events.servers import eventually

EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
NOTICED = 4
REFUSED = (422, {}, b'{"detail": "title is missing"}')


def events(*numbers: int) -> list[bytes]:
    return [b'{"number": %d}' % number for number in numbers]


def numbers_of(call: Call) -> list[int]:
    found = json.loads(call.body)
    return [event["number"] for event in (found if isinstance(found, list) else [found])]


def numbers(calls: list[Call]) -> list[int]:
    return sorted(chain.from_iterable(map(numbers_of, calls)))


def after_the_first(answer: Callable[[list[int]], Answer], gathered: threading.Event) -> Callable[[Call], Answer]:
    """Have event 0 and 1 keep both calls busy until others have gathered behind them."""

    def script(call: Call) -> Answer:
        if numbers_of(call) in ([0], [1]):
            gathered.wait(20)
            return OK
        return answer(numbers_of(call))

    return script


@pytest.fixture
def sync(vhost, gateway, connector):
    """Start the connector for a function `sync` that answers as a test wants it; return the connector."""

    def start(script: Callable[[Call], Answer] | None = None, **annotations: str):
        gateway.deploy("sync", topic="book.created", **annotations)
        gateway.script = script or gateway.script
        started = connector()
        ready(vhost, "sync")
        return started

    return start


@pytest.fixture
def gathered() -> threading.Event:
    """Set when events have gathered behind the first two."""
    return threading.Event()


def publish_gathered(vhost, gathered: threading.Event, *bodies: bytes) -> None:
    vhost.publish("book.created", *events(0, 1), content_type=EVENT)
    vhost.publish("book.created", *bodies, content_type=EVENT)
    all_delivered(vhost)
    gathered.set()


def all_delivered(vhost) -> None:
    """Wait until the connector has everything that was published, whether it was settled or not."""
    eventually(lambda: vhost.count("fn.sync") == 0)
    time.sleep(0.3)


def test_events_that_wait_come_together_and_a_lone_one_at_once(vhost, gateway, sync, gathered):
    sync(after_the_first(lambda _: OK, gathered), batch_size="5")
    publish_gathered(vhost, gathered, *events(*range(2, 8)))
    eventually(lambda: numbers(gateway.calls) == list(range(8)))
    calls = sorted(gateway.calls, key=numbers_of)
    assert [numbers_of(call) for call in calls] == [[0], [1], [2, 3, 4, 5, 6], [7]]
    assert [call.headers["Content-Type"] for call in calls] == [EVENT, EVENT, BATCH, EVENT]
    assert calls[2].headers["X-Topic"] == "book.created"
    eventually(lambda: vhost.look("fn.sync") == [])


def test_poison_in_a_batch_is_set_aside_alone(vhost, gateway, sync, gathered):
    sync(after_the_first(lambda numbers: REFUSED if 3 in numbers else OK, gathered), batch_size="10")
    publish_gathered(vhost, gathered, *events(2, 3, 4))
    eventually(lambda: vhost.look("fn.sync.dead") == events(3))
    eventually(lambda: [numbers_of(call) for call in gateway.calls[2:]] == [[2, 3, 4], [2], [3], [4]])
    ((_, headers),) = vhost.take("fn.sync.dead")
    assert headers["x-dead-reason"] == "422 title is missing"


def test_a_batch_that_fails_comes_again_one_by_one(vhost, gateway, sync, gathered):
    sync(after_the_first(lambda numbers: AWAY if len(numbers) > 1 else OK, gathered), batch_size="10")
    publish_gathered(vhost, gathered, *events(2, 3, 4))
    eventually(lambda: len(gateway.calls) == 6)
    batch, *again = gateway.calls[2:]
    assert sorted(map(numbers_of, again)) == [[2], [3], [4]]
    assert min(call.at for call in again) - batch.at >= 1
    eventually(lambda: vhost.look("fn.sync") == [])
    assert vhost.take("fn.sync.dead") == []


def test_what_is_no_event_comes_alone(vhost, gateway, sync, gathered):
    sync(after_the_first(lambda _: OK, gathered), batch_size="10")
    vhost.publish("book.created", *events(0, 1), content_type=EVENT)
    vhost.publish("book.created", *events(2, 3), content_type="application/json")
    all_delivered(vhost)
    gathered.set()
    eventually(lambda: sorted(map(numbers_of, gateway.calls)) == [[0], [1], [2], [3]])


def test_events_too_large_to_go_together_are_parted(vhost, gateway, sync, gathered):
    sync(after_the_first(lambda _: OK, gathered), batch_size="10")
    large = [json.dumps({"number": number, "text": "x" * 200_000}).encode() for number in range(2, 6)]
    publish_gathered(vhost, gathered, *large)
    eventually(lambda: sorted(map(numbers_of, gateway.calls)) == [[0], [1], [2, 3], [4, 5]])


def test_a_function_that_takes_batches_from_now_on_gets_them(vhost, gateway, sync, gathered):
    sync(after_the_first(lambda _: OK, gathered))
    gateway.deploy("sync", topic="book.created", batch_size="10")
    time.sleep(NOTICED)
    publish_gathered(vhost, gathered, *events(2, 3, 4))
    eventually(lambda: sorted(map(numbers_of, gateway.calls)) == [[0], [1], [2, 3, 4]])


def test_a_batch_in_the_hands_of_a_killed_connector_comes_again(vhost, gateway, connector, sync, gathered):
    first = sync(after_the_first(lambda _: OK, gathered), batch_size="10")
    vhost.publish("book.created", *events(0, 1, 2, 3), content_type=EVENT)
    all_delivered(vhost)
    first.kill()
    gathered.set()
    connector()
    eventually(lambda: {2, 3} <= set(numbers(gateway.calls)))
    eventually(lambda: vhost.look("fn.sync") == [])


def published_together(vhost, *numbers: int) -> None:
    body = json.dumps([{"id": f"e-{number}", "number": number, "traceparent": TRACE} for number in numbers]).encode()
    vhost.publish("book.created", body, content_type=BATCH)


def test_events_published_together_are_called_with_one_by_one(vhost, gateway, sync):
    sync()
    published_together(vhost, 1, 2, 3)
    eventually(lambda: numbers(gateway.calls) == [1, 2, 3])
    assert {call.headers["Content-Type"] for call in gateway.calls} == {EVENT}
    assert {call.headers["traceparent"] for call in gateway.calls} == {TRACE}
    assert {call.headers["X-Event-Id"] for call in gateway.calls} == {"e-1", "e-2", "e-3"}
    eventually(lambda: vhost.look("fn.sync") == [])


def test_events_published_together_go_on_together_to_a_function_that_takes_batches(vhost, gateway, sync):
    sync(batch_size="3")
    published_together(vhost, 1, 2, 3, 4, 5)
    eventually(lambda: sorted(map(numbers_of, gateway.calls)) == [[1, 2, 3], [4, 5]])


def test_of_events_published_together_only_what_failed_comes_again(vhost, gateway, sync):
    sync(
        lambda call: {
            2: AWAY if len(gateway.calls) <= 3 else OK,
            3: REFUSED,
        }.get(numbers_of(call)[0], OK)
    )
    published_together(vhost, 1, 2, 3)
    eventually(lambda: numbers(gateway.calls) == [1, 2, 2, 3])
    eventually(lambda: [json.loads(body)["number"] for body in vhost.look("fn.sync.dead")] == [3])
    eventually(lambda: vhost.look("fn.sync") == [])


def test_events_published_together_are_acknowledged_with_the_last(vhost, gateway, connector, sync, gathered):
    def slow(call: Call) -> Answer:
        if numbers_of(call) == [3]:
            gathered.wait(20)
        return OK

    first = sync(slow)
    published_together(vhost, 2, 3)
    eventually(lambda: numbers(gateway.calls) == [2, 3])
    first.kill()
    gathered.set()
    connector()
    eventually(lambda: numbers(gateway.calls) == [2, 2, 3, 3])
    eventually(lambda: vhost.look("fn.sync") == [])


def test_what_only_looks_like_events_published_together_comes_as_it_is(vhost, sync):
    sync(lambda call: REFUSED)
    vhost.publish("book.created", b"[1, 2]", content_type=BATCH)
    eventually(lambda: vhost.look("fn.sync.dead") == [b"[1, 2]"])
