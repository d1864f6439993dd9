"""Messages reach the functions that want them, whatever fails on the way."""

import hashlib
import hmac
import time
import urllib.request
from itertools import pairwise

from tests.integration.connector.conftest import KEY, OK, UNROUTED
from tests.integration.events.servers import eventually

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
AWAY = (503, {}, b'{"detail": "the database is away"}')


def ready(vhost, *functions):
    """Wait until the connector has made these functions' queues and bindings."""
    eventually(lambda: all(vhost.exists(f"fn.{name}") for name in functions))
    time.sleep(0.3)


def test_a_function_is_called_with_the_message_of_its_topic(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    connector()
    ready(vhost, "sync")
    body = b'{"id": "e-1"}'
    headers = {"traceparent": TRACE}
    vhost.publish("book.created", body, message_id="e-1", content_type="application/cloudevents+json", headers=headers)
    eventually(lambda: gateway.calls)
    (call,) = gateway.calls
    signature = hmac.new(KEY.encode(), f"{call.headers['X-Event-Time']}.e-1.".encode() + body, hashlib.sha256)
    assert (call.function, call.body) == ("sync", body)
    assert (
        call.headers.items()
        >= {
            "Content-Type": "application/cloudevents+json",
            "X-Connector": "rabbitmq",
            "X-Topic": "book.created",
            "X-Rabbitmq-Msg-Id": "e-1",
            "X-Rabbitmq-Routing-Key": "book.created",
            "X-Event-Id": "e-1",
            "X-Event-Signature": f"sha256={signature.hexdigest()}",
            "traceparent": TRACE,
        }.items()
    )
    eventually(lambda: vhost.look("fn.sync") == [])


def test_every_function_that_wants_a_topic_gets_it_and_no_other(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.*")
    gateway.deploy("sales", topic="order.paid, book.deleted")
    connector()
    ready(vhost, "sync", "sales")
    vhost.publish("book.created", b"created")
    vhost.publish("book.deleted", b"deleted")
    vhost.publish("order.paid", b"paid")
    eventually(lambda: len(gateway.calls) == 4)
    assert sorted(gateway.bodies_of("sync")) == [b"created", b"deleted"]
    assert sorted(gateway.bodies_of("sales")) == [b"deleted", b"paid"]


def test_a_call_that_fails_is_made_again_later_with_the_same_topic(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    gateway.script = lambda call: AWAY if len(gateway.calls) < 3 else OK
    connector()
    ready(vhost, "sync")
    vhost.publish("book.created", b"event")
    eventually(lambda: len(gateway.calls) == 3)
    first, second, third = gateway.calls
    assert second.at - first.at >= 1
    assert third.at - second.at >= 1
    assert {call.headers["X-Topic"] for call in gateway.calls} == {"book.created"}
    assert len({call.headers["X-Event-Id"] for call in gateway.calls}) == 1
    time.sleep(1.5)
    assert len(gateway.calls) == 3
    assert vhost.take("fn.sync.dead") == []


def test_a_failing_function_does_not_disturb_another(vhost, gateway, connector):
    gateway.deploy("broken", topic="#")
    gateway.deploy("fine", topic="#")
    gateway.script = lambda call: AWAY if call.function == "broken" else OK
    connector()
    ready(vhost, "broken", "fine")
    vhost.publish("book.created", *(b"%d" % number for number in range(50)))
    eventually(lambda: len(gateway.calls_of("fine")) == 50)
    time.sleep(1.5)
    assert len(gateway.calls_of("fine")) == 50


def test_a_function_is_left_alone_for_as_long_as_it_asks(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    gateway.script = lambda call: (429, {"Retry-After": "3"}, b"") if len(gateway.calls) < 2 else OK
    connector()
    ready(vhost, "sync")
    vhost.publish("book.created", b"event")
    eventually(lambda: len(gateway.calls) == 2)
    assert gateway.calls[1].at - gateway.calls[0].at >= 3


def test_poison_goes_to_the_dead_letter_queue_with_the_reason(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    gateway.script = lambda call: (422, {}, b'{"detail": "title is missing"}') if call.body == b"poison" else OK
    connector()
    ready(vhost, "sync")
    vhost.publish("book.created", b"poison", b"fine")
    eventually(lambda: vhost.look("fn.sync.dead") == [b"poison"])
    ((_, headers),) = vhost.take("fn.sync.dead")
    assert headers["x-dead-reason"] == "422 title is missing"
    assert headers["x-dead-function"] == "sync"
    assert headers["x-topic"] == "book.created"
    assert headers["x-attempts"] == 1
    assert sorted(gateway.bodies_of("sync")) == [b"fine", b"poison"]


def test_a_message_is_given_up_after_the_attempts_that_the_function_allows(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created", retry_attempts="2")
    gateway.script = lambda call: AWAY
    connector()
    ready(vhost, "sync")
    vhost.publish("book.created", b"event")
    eventually(lambda: vhost.look("fn.sync.dead") == [b"event"])
    ((_, headers),) = vhost.take("fn.sync.dead")
    assert headers["x-dead-reason"] == "gave up after 2 attempts: 503 the database is away"
    assert len(gateway.calls) == 2


def test_a_gateway_that_is_away_is_waited_for(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")

    def hang_up(call):
        if len(gateway.calls) < 2:
            raise ConnectionAbortedError
        return OK

    gateway.script = hang_up
    connector()
    ready(vhost, "sync")
    vhost.publish("book.created", b"event")
    eventually(lambda: len(gateway.calls) == 2)


def test_a_connector_killed_between_call_and_acknowledgement_calls_again(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    gateway.script = lambda call: time.sleep(2) or OK if len(gateway.calls) == 1 else OK
    first = connector()
    ready(vhost, "sync")
    vhost.publish("book.created", b"event")
    eventually(lambda: gateway.calls)
    first.kill()
    connector()
    eventually(lambda: gateway.bodies_of("sync") == [b"event", b"event"])
    eventually(lambda: vhost.look("fn.sync") == [])


def test_nothing_is_lost_when_the_broker_restarts_while_messages_are_delivered(vhost, broker, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    gateway.script = lambda call: time.sleep(0.02) or OK
    connector()
    ready(vhost, "sync")
    bodies = {b"%d" % number for number in range(400)}
    vhost.publish("book.created", *bodies)
    eventually(lambda: len(gateway.calls) > 20)
    broker.restart()
    eventually(lambda: set(gateway.bodies_of("sync")) == bodies, within=30)


def test_a_call_that_is_on_its_way_ends_when_the_connector_is_asked_to(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    gateway.script = lambda call: time.sleep(2) or OK
    running = connector()
    ready(vhost, "sync")
    vhost.publish("book.created", b"event")
    eventually(lambda: gateway.calls)
    assert running.stop() == 0
    assert vhost.look("fn.sync") == []
    assert len(gateway.calls) == 1


def test_a_second_connector_waits_until_the_first_is_gone(vhost, gateway, connector):
    gateway.deploy("timer", topic="cron-function", schedule="@every 1s")
    gateway.deploy("sync", topic="book.created")
    first = connector()
    ready(vhost, "sync")
    connector()
    eventually(lambda: len(gateway.calls_of("timer")) >= 3)
    ticks = [call.at for call in gateway.calls_of("timer")]
    assert all(later - earlier > 0.8 for earlier, later in pairwise(ticks))
    first.kill()
    vhost.publish("book.created", b"event")
    eventually(lambda: gateway.bodies_of("sync") == [b"event"])
    before = len(gateway.calls_of("timer"))
    eventually(lambda: len(gateway.calls_of("timer")) > before)


def test_a_timer_calls_its_function_signed_and_never_twice_at_once(vhost, gateway, connector):
    gateway.deploy("timer", topic="cron-function", schedule="@every 1s")
    gateway.script = lambda call: time.sleep(1.5) or OK
    connector()
    eventually(lambda: len(gateway.calls) == 3)
    assert {call.body for call in gateway.calls} == {b"{}"}
    assert {call.headers["X-Topic"] for call in gateway.calls} == {"cron-function"}
    assert len({call.headers["X-Event-Id"] for call in gateway.calls}) == 3
    assert all(call.headers["X-Event-Signature"].startswith("sha256=") for call in gateway.calls)
    assert gateway.calls[1].at - gateway.calls[0].at >= 1.5


def test_the_connector_waits_for_a_broker_that_is_down_at_its_start(vhost, broker, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    broker.kill()
    running = connector()
    try:
        time.sleep(3)
        assert running.process.poll() is None
    finally:
        broker.start()
    ready(vhost, "sync")


def test_prometheus_sees_what_was_delivered_retried_and_set_aside(vhost, gateway, connector):
    gateway.deploy("sync", topic="#")
    answers = {b"fine": OK, b"poison": (400, {}, b"")}
    gateway.script = lambda call: (
        answers.get(call.body) or (OK if gateway.bodies_of("sync").count(b"busy") > 1 else AWAY)
    )
    running = connector()
    ready(vhost, "sync")
    vhost.publish("book.created", b"fine", b"poison", b"busy")
    eventually(lambda: len(gateway.calls) == 4)
    expected = {
        'connector_delivered_total{function="sync"} 2.0',
        'connector_retried_total{function="sync"} 1.0',
        'connector_dead_lettered_total{function="sync"} 1.0',
        'connector_in_flight{function="sync"} 0.0',
        "connector_connected 1.0",
    }

    def seen():
        with urllib.request.urlopen(f"http://127.0.0.1:{running.metrics_port}/metrics") as response:
            return set(response.read().decode().splitlines())

    eventually(lambda: expected <= seen())


def test_a_message_whose_queue_was_deleted_while_it_waited_is_kept(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    gateway.script = lambda call: AWAY
    running = connector()
    ready(vhost, "sync")
    vhost.publish("book.created", b"event")
    eventually(lambda: gateway.calls)
    time.sleep(0.3)
    running.kill()
    vhost.delete("fn.sync")
    eventually(lambda: vhost.look(UNROUTED) == [b"event"])
    ((_, headers),) = vhost.take(UNROUTED)
    assert headers["x-topic"] == "book.created"


def test_a_message_that_was_delivered_over_and_over_without_an_end_is_set_aside_by_the_broker(
    vhost, gateway, connector
):
    gateway.deploy("sync", topic="book.created")
    running = connector()
    ready(vhost, "sync")
    running.kill()
    vhost.publish("book.created", b"event")
    for _ in range(21):
        vhost.look("fn.sync")
    eventually(lambda: vhost.look("fn.sync.dead") == [b"event"])
