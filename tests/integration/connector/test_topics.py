"""Functions come, change and go; what was published in between is not lost."""

import time

from tests.integration.connector.conftest import UNROUTED
from tests.integration.connector.test_connector import ready
from tests.integration.events.servers import eventually


def start(vhost, gateway, connector):
    """A connector beside a function that wants none of the tests' topics."""
    gateway.deploy("other", topic="other")
    running = connector()
    ready(vhost, "other")
    return running


def test_a_function_that_appears_later_gets_what_was_kept_for_it_and_the_rest_stays(vhost, gateway, connector):
    start(vhost, gateway, connector)
    vhost.publish("book.created", b"one", b"two")
    vhost.publish("order.paid", b"kept")
    vhost.publish("book.deleted", b"three")
    gateway.deploy("sync", topic="book.*")
    eventually(lambda: sorted(gateway.bodies_of("sync")) == [b"one", b"three", b"two"])
    topics = {call.body: call.headers["X-Topic"] for call in gateway.calls_of("sync")}
    assert topics == {b"one": "book.created", b"two": "book.created", b"three": "book.deleted"}
    eventually(lambda: vhost.look(UNROUTED) == [b"kept"])
    gateway.deploy("sales", topic="order.paid")
    eventually(lambda: gateway.bodies_of("sales") == [b"kept"])
    eventually(lambda: vhost.look(UNROUTED) == [])


def test_two_functions_that_appear_at_once_both_get_what_was_kept(vhost, gateway, connector):
    start(vhost, gateway, connector)
    vhost.publish("book.created", b"event")
    gateway.functions |= {name: {"topic": "book.created"} for name in ("first", "second")}
    eventually(lambda: len(gateway.calls) == 2)
    assert gateway.bodies_of("first") == gateway.bodies_of("second") == [b"event"]


def test_kept_messages_survive_any_number_of_replays_to_others(vhost, gateway, connector):
    start(vhost, gateway, connector)
    vhost.publish("book.created", b"event")
    for _ in range(30):
        assert vhost.look(UNROUTED) == [b"event"]


def test_a_connector_killed_during_the_replay_replays_again(vhost, gateway, connector):
    first = start(vhost, gateway, connector)
    bodies = {b"%d" % number for number in range(300)}
    vhost.publish("book.created", *bodies)
    gateway.deploy("sync", topic="book.created")
    eventually(lambda: gateway.calls_of("sync"))
    first.kill()
    connector()
    eventually(lambda: set(gateway.bodies_of("sync")) == bodies)
    eventually(lambda: vhost.look(UNROUTED) == [])


def test_a_topic_added_to_a_function_is_bound_and_what_was_kept_for_it_replayed(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    connector()
    ready(vhost, "sync")
    vhost.publish("book.updated", b"before")
    gateway.deploy("sync", topic="book.created,book.updated")
    eventually(lambda: gateway.bodies_of("sync") == [b"before"])
    vhost.publish("book.updated", b"after")
    eventually(lambda: gateway.bodies_of("sync") == [b"before", b"after"])


def test_a_topic_dropped_by_a_function_is_unbound(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created,book.updated")
    connector()
    ready(vhost, "sync")
    gateway.deploy("sync", topic="book.created")
    time.sleep(4)
    vhost.publish("book.updated", b"unwanted")
    vhost.publish("book.created", b"wanted")
    eventually(lambda: gateway.bodies_of("sync") == [b"wanted"])
    assert vhost.look(UNROUTED) == [b"unwanted"]


def test_a_topic_dropped_while_the_connector_was_down_is_unbound_when_it_is_back(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.*,other")
    first = connector()
    ready(vhost, "sync")
    first.kill()
    gateway.deploy("sync", topic="other")
    connector()
    time.sleep(4)
    vhost.publish("book.created", b"unwanted")
    vhost.publish("other", b"wanted")
    eventually(lambda: gateway.bodies_of("sync") == [b"wanted"])
    assert vhost.look(UNROUTED) == [b"unwanted"]


def test_the_queue_of_a_removed_function_collects_until_it_is_back(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    connector()
    ready(vhost, "sync")
    del gateway.functions["sync"]
    time.sleep(4)
    vhost.publish("book.created", b"event")
    assert vhost.look("fn.sync") == [b"event"]
    assert gateway.calls == []
    gateway.deploy("sync", topic="book.created")
    eventually(lambda: gateway.bodies_of("sync") == [b"event"])


def test_a_queue_deleted_by_mistake_is_made_anew(vhost, gateway, connector):
    gateway.deploy("sync", topic="book.created")
    connector()
    ready(vhost, "sync")
    vhost.delete("fn.sync")
    ready(vhost, "sync")
    vhost.publish("book.created", b"event")
    eventually(lambda: gateway.bodies_of("sync") == [b"event"])
