"""The catalog's copy of the stock follows the orders domain."""

import random

from bookstore.catalog.stock import sync_catalog
from bookstore.database import fetch_one
from bookstore.events.envelope import Event
from tests.handlers import call
from tests.integration.together import together


def changed(book_id, available, version):
    data = {"book_id": book_id, "available": available, "version": version}
    return Event(type="stock.changed", subject=book_id, version=version, data=data)


def stock_of(book_id):
    return call("get-book", path=f"/{book_id}").body["stock"]


def test_a_sale_shows_and_changes_the_etag_but_not_the_version(list_book):
    book = list_book(stock=10).body
    sync_catalog(changed(book["id"], 9, 1))
    answer = call("get-book", path=f"/{book['id']}")
    assert (answer.body["stock"], answer.headers["ETag"]) == (9, '"1-9"')
    assert answer.body == book | {"stock": 9}


def test_an_older_event_changes_nothing(list_book):
    book = list_book(stock=10).body
    sync_catalog(changed(book["id"], 5, 3))
    sync_catalog(changed(book["id"], 8, 2))
    sync_catalog(changed(book["id"], 8, 3))
    assert stock_of(book["id"]) == 5


def test_events_in_any_order_and_repeated_end_at_the_newest(list_book):
    book = list_book(stock=10).body
    events = [changed(book["id"], 10 - version, version) for version in range(1, 9)] * 2
    random.Random(7).shuffle(events)
    together(4, lambda number: [sync_catalog(event) for event in events[number::4]])
    assert stock_of(book["id"]) == 2


def test_many_events_come_together(list_book):
    books = [list_book(title=f"Title {number}", stock=5).body["id"] for number in range(4)]
    sync_catalog(changed(books[0], 1, 3))
    sync_catalog(
        *(changed(books[0], 4, 2), changed(books[1], 0, 1), changed("gone", 9, 1)),
        *(changed(books[2], 3, 4), changed(books[2], 2, 5), changed(books[2], 4, 3)),
    )
    assert [stock_of(book_id) for book_id in books] == [1, 0, 2, 5]


def test_a_batch_of_events_is_a_call(list_book):
    first, second = (list_book(title=title, stock=5).body["id"] for title in ("One", "Two"))
    batch = b"[" + b",".join(event.to_json() for event in (changed(first, 4, 1), changed(second, 3, 1))) + b"]"
    answer = call("sync-catalog", batch, Content_Type="application/cloudevents-batch+json")
    assert (answer.status, stock_of(first), stock_of(second)) == (204, 4, 3)


def test_a_batch_with_what_is_no_event_changes_nothing(list_book):
    book_id = list_book(stock=5).body["id"]
    for wrong in (b"{}", changed("b", -1, 1).to_json(), b"[]"):
        batch = b"[" + changed(book_id, 4, 1).to_json() + b"," + wrong + b"]"
        assert call("sync-catalog", batch, Content_Type="application/cloudevents-batch+json").status == 422
    assert stock_of(book_id) == 5


def test_an_event_delivered_again_changes_nothing(list_book):
    book = list_book(stock=10).body
    event = changed(book["id"], 4, 2)
    sync_catalog(event)
    sync_catalog(event)
    assert stock_of(book["id"]) == 4


def test_a_book_that_is_no_longer_listed_needs_no_stock(catalog_db):
    sync_catalog(changed("gone", 4, 2))
    assert fetch_one(catalog_db, "SELECT COUNT(*) AS n FROM books") == {"n": 0}


def test_what_is_no_event_is_set_aside(catalog_db):
    for body in (b"", b"{}", b"x", changed("b", -1, 1).to_json()):
        assert call("sync-catalog", body).status == 422
