"""Committed events reach the broker, whatever is killed on the way."""

import threading
from contextlib import suppress
from pathlib import Path

import pika
import pytest

from bookstore.database import Connection, connect, execute, fetch_all, fetch_one
from bookstore.events import outbox
from bookstore.events.envelope import BATCH_CONTENT_TYPE, CONTENT_TYPE, Event
from bookstore.events.relay.loop import DomainRelay
from bookstore.events.relay.settings import Settings
from tests.integration.events.servers import eventually

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def stock_changed() -> Event:
    data = {"book_id": "b-1", "available": 3, "version": 9}
    return Event(type="stock.changed", subject="b-1", version=9, data=data, trace=TRACE)


def commit(db: Connection, count: int = 1) -> list[str]:
    """Append so many events in one transaction; return their ids."""
    events = [stock_changed() for _ in range(count)]
    db.begin()
    for event in events:
        outbox.append(db, event)
    db.commit()
    return [event.id for event in events]


def pending(db: Connection) -> int:
    return fetch_one(db, "SELECT COUNT(*) AS n FROM outbox WHERE published_at IS NULL")["n"]


class Writer:
    """Commits an event every few milliseconds, as shoppers do, and remembers what was surely committed."""

    def __init__(self, url: str) -> None:
        self.ids: list[str] = []
        self._url = url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        while not self._stop.is_set():
            with suppress(Exception):
                db = connect(self._url)
                while not self._stop.wait(0.005):
                    self.ids += commit(db)


def test_a_committed_event_arrives_within_a_second_as_a_cloudevent(orders, subscriber, relay):
    relay()
    commit(orders)
    eventually(lambda: subscriber.look().messages)
    (event_id,) = commit(orders)
    eventually(lambda: event_id in subscriber.look().ids, within=1)
    routing_key, properties, body = subscriber.messages[-1]
    assert routing_key == properties.type == "stock.changed"
    assert properties.content_type == CONTENT_TYPE
    assert properties.headers == {"traceparent": TRACE}
    assert properties.delivery_mode == 2
    assert Event.from_json(body).id == event_id


def test_events_of_one_change_arrive_together_as_a_batch(orders, subscriber, relay):
    relay()
    events = [stock_changed() for _ in range(3)]
    outbox.append_all(orders, events)
    eventually(lambda: subscriber.look().messages)
    ((routing_key, properties, body),) = subscriber.messages
    assert (routing_key, properties.content_type) == ("stock.changed", BATCH_CONTENT_TYPE)
    assert properties.headers == {"traceparent": TRACE}
    assert Event.all_from_json(body) == events


def test_an_event_that_was_rolled_back_never_leaves(orders, subscriber, relay):
    relay()
    orders.begin()
    outbox.append(orders, stock_changed())
    orders.rollback()
    (later,) = commit(orders)
    eventually(lambda: subscriber.look().ids)
    assert subscriber.ids == [later]


def test_an_event_committed_after_a_younger_one_is_not_passed_over(orders, secrets, subscriber, relay):
    relay()
    slow = connect((secrets / "orders-db").read_text())
    slow.begin()
    first = stock_changed()
    outbox.append(slow, first)
    (second,) = commit(orders)
    eventually(lambda: subscriber.look().ids == [second])
    slow.commit()
    eventually(lambda: subscriber.look().ids == [second, first.id])


def test_every_domain_is_relayed(secrets, database, subscriber, relay):
    relay()
    ids = [commit(connect((secrets / f"{domain}-db").read_text()))[0] for domain in ("accounts", "catalog", "orders")]
    eventually(lambda: set(subscriber.look().ids) == set(ids))


def test_an_event_that_nobody_wants_yet_is_kept(orders, secrets, broker, relay):
    relay()
    (event_id,) = commit(orders)
    eventually(lambda: pending(orders) == 0)
    with pika.BlockingConnection(pika.URLParameters((secrets / "rabbitmq-admin").read_text())) as connection:
        channel = connection.channel()
        kept = []
        while (found := channel.basic_get("bookstore.unrouted", auto_ack=True))[0]:
            kept.append(found[1].message_id)
    assert event_id in kept


def test_a_backlog_larger_than_a_batch_is_published_once_each(orders, subscriber, relay):
    ids = commit(orders, 1_300)
    relay()
    eventually(lambda: pending(orders) == 0)
    assert subscriber.look().ids == ids


def test_nothing_is_lost_when_the_broker_restarts_while_events_are_written(orders, secrets, broker, subscriber, relay):
    relay()
    with Writer((secrets / "orders-db").read_text()) as writer:
        eventually(lambda: len(writer.ids) > 100)
        broker.restart()
        eventually(lambda: pending(orders) < 20, within=30)
    eventually(lambda: pending(orders) == 0)
    assert set(writer.ids) <= set(subscriber.look().ids)


def test_nothing_is_lost_when_the_broker_is_killed_while_events_are_written(orders, secrets, broker, subscriber, relay):
    relay()
    with Writer((secrets / "orders-db").read_text()) as writer:
        eventually(lambda: len(writer.ids) > 100)
        broker.kill()
        broker.start()
        eventually(lambda: pending(orders) < 20, within=30)
    eventually(lambda: pending(orders) == 0)
    assert set(writer.ids) <= set(subscriber.look().ids)


def test_nothing_is_lost_when_the_database_is_killed_while_events_are_written(
    orders, secrets, database, subscriber, relay
):
    relay()
    with Writer((secrets / "orders-db").read_text()) as writer:
        eventually(lambda: len(writer.ids) > 100)
        database.kill()
        database.start()
        before = len(writer.ids)
        eventually(lambda: len(writer.ids) > before + 50)
    db = connect((secrets / "orders-db").read_text())
    eventually(lambda: pending(db) == 0, within=30)
    assert set(writer.ids) <= set(subscriber.look().ids)


def test_nothing_is_lost_when_the_relay_is_killed_over_and_over(orders, secrets, subscriber, relay):
    with Writer((secrets / "orders-db").read_text()) as writer:
        for _ in range(4):
            before, running = len(subscriber.look().ids), relay()
            eventually(lambda before=before: len(subscriber.look().ids) > before)
            running.kill()
    relay()
    eventually(lambda: pending(orders) == 0)
    assert set(writer.ids) <= set(subscriber.look().ids)


def test_one_relay_works_and_another_takes_over_when_it_is_killed(orders, subscriber, relay):
    first = relay()
    commit(orders)
    eventually(lambda: pending(orders) == 0)
    relay()
    ids = commit(orders, 200)
    eventually(lambda: pending(orders) == 0)
    assert len(subscriber.look().ids) == 201
    first.kill()
    ids = commit(orders, 200)
    eventually(lambda: pending(orders) == 0)
    assert subscriber.look().ids[-200:] == ids


def test_the_relay_waits_for_a_broker_that_is_down_at_its_start(orders, broker, subscriber, relay):
    (event_id,) = commit(orders)
    broker.kill()
    running = relay()
    try:
        with pytest.raises(AssertionError):
            eventually(lambda: pending(orders) == 0, within=3)
        assert running.process.poll() is None
    finally:
        broker.start()
    eventually(lambda: subscriber.look().ids == [event_id])


def test_the_relay_ends_in_good_order_when_asked(orders, subscriber, relay):
    running = relay()
    commit(orders)
    eventually(lambda: pending(orders) == 0)
    assert running.stop() == 0


def test_the_relay_reaches_the_outbox_and_nothing_else(secrets: Path, database):
    db = connect((secrets / "orders-relay-db").read_text())
    assert [next(iter(row.values())) for row in fetch_all(db, "SHOW TABLES")] == ["outbox"]
    with pytest.raises(Exception, match="denied"):
        execute(db, "INSERT INTO outbox (event_id, type, body) VALUES ('a', 'b', 'c')")


class HalfABroker:
    """Confirms every second message."""

    def publish(self, messages):
        return messages[::2]


def test_what_was_not_confirmed_is_published_again(orders, secrets):
    commit(orders, 8)
    settings = Settings(amqp_url="", database_urls={}, pause=0.1)
    stop = threading.Event()
    relay = DomainRelay("orders", (secrets / "orders-relay-db").read_text(), HalfABroker(), settings)
    working = threading.Thread(target=relay.run, args=[stop])
    working.start()
    eventually(lambda: pending(orders) == 4)
    eventually(lambda: pending(orders) == 0)
    stop.set()
    working.join()
