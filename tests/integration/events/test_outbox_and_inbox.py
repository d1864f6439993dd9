"""What the tables do for those who write into them."""

import threading

import pytest

from bookstore.database import connect, execute, fetch_all, fetch_one
from bookstore.events import inbox, outbox
from bookstore.events.envelope import Event
from bookstore.events.relay import pending


def event(**data: object) -> Event:
    return Event(type="stock.changed", subject="b-1", version=1, data={"book_id": "b-1", "version": 1, **data})


def test_an_event_whose_data_nobody_could_read_is_refused_at_once(orders):
    with pytest.raises(ValueError, match="available"):
        outbox.append(orders, event(available=-1))
    assert fetch_all(orders, "SELECT * FROM outbox") == []


def of_type(kind: str, number: int) -> Event:
    data = {"book_id": f"b-{number}", "version": 1, "seller_id": "sam", "stock_supplied": 1, "available": 1}
    return Event(type=kind, subject=f"b-{number}", version=1, data=data)


def test_neighbours_of_one_type_are_a_message_of_limited_size(orders):
    kinds = ["stock.changed"] * (outbox.MOST_IN_A_MESSAGE + 1) + ["book.deleted"] * 2 + ["stock.changed"]
    events = [of_type(kind, number) for number, kind in enumerate(kinds)]
    outbox.append_all(orders, events)
    rows = fetch_all(orders, "SELECT type, event_id, body FROM outbox ORDER BY id")
    parts = [Event.all_from_json(row["body"]) for row in rows]
    assert [len(part) for part in parts] == [outbox.MOST_IN_A_MESSAGE, 1, 2, 1]
    assert [event.id for part in parts for event in part] == [event.id for event in events]
    assert all(event.type == row["type"] for row, part in zip(rows, parts, strict=True) for event in part)
    assert rows[1]["event_id"] == parts[1][0].id
    assert len({row["event_id"] for row in rows}) == 4


def test_one_event_that_nobody_could_read_keeps_all_out(orders):
    with pytest.raises(ValueError, match="available"):
        outbox.append_all(orders, [event(available=1), event(available=-1)])
    assert fetch_all(orders, "SELECT * FROM outbox") == []


def test_a_consumer_takes_an_event_in_once(orders):
    assert inbox.first_time(orders, "sync-catalog", "e-1")
    assert not inbox.first_time(orders, "sync-catalog", "e-1")
    assert inbox.first_time(orders, "sync-catalog", "e-2")
    assert inbox.first_time(orders, "record-sale", "e-1")


def test_an_event_whose_effect_was_rolled_back_counts_as_new(orders):
    orders.begin()
    inbox.first_time(orders, "sync-catalog", "e-1")
    orders.rollback()
    assert inbox.first_time(orders, "sync-catalog", "e-1")


def test_the_same_event_delivered_twice_at_once_is_taken_in_once(orders, secrets):
    second = connect((secrets / "orders-db").read_text())
    answers = []
    orders.begin()
    answers.append(inbox.first_time(orders, "sync-catalog", "e-1"))
    other = threading.Thread(target=lambda: answers.append(inbox.first_time(second, "sync-catalog", "e-1")))
    other.start()
    other.join(0.3)
    assert answers == [True]
    orders.commit()
    other.join()
    assert answers == [True, False]


def test_what_was_taken_in_long_ago_is_forgotten_in_time(orders, monkeypatch):
    old = f"CURRENT_TIMESTAMP(6) - INTERVAL {inbox.KEPT_DAYS + 1} DAY"
    execute(orders, f"INSERT INTO inbox VALUES ('sync-catalog', 'old', {old})")
    monkeypatch.setattr(inbox.random, "randrange", lambda _: 0)
    inbox.first_time(orders, "sync-catalog", "new")
    assert [row["event_id"] for row in fetch_all(orders, "SELECT event_id FROM inbox")] == ["new"]


def test_published_rows_go_after_a_while_and_pending_ones_stay(orders):
    for _ in range(3):
        outbox.append(orders, event(available=1))
    first, second, third = pending.pending(orders, 10)
    pending.mark_published(orders, [first.row, second.row])
    execute(orders, "UPDATE outbox SET published_at = published_at - INTERVAL 1 HOUR WHERE id = %s", [first.row])
    assert pending.delete_published(orders, older_than=600) == 1
    left = [row["id"] for row in fetch_all(orders, "SELECT id FROM outbox ORDER BY id")]
    assert left == [second.row, third.row]


def test_the_backlog_tells_how_long_the_oldest_has_waited(orders):
    assert pending.backlog(orders) == pending.Backlog(0, 0)
    outbox.append(orders, event(available=1))
    execute(orders, "UPDATE outbox SET created_at = created_at - INTERVAL 90 SECOND")
    outbox.append(orders, event(available=1))
    found = pending.backlog(orders)
    assert found.messages == 2
    assert 90 <= found.oldest < 100


def test_asking_for_pending_rows_reads_the_index_only_as_far_as_needed(orders):
    plan = fetch_one(orders, "EXPLAIN SELECT id FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT 500")
    assert plan["key"] == "outbox_published"
    assert "filesort" not in plan["Extra"]
