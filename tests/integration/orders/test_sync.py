"""Keeping the inventory in step with the catalog, in whatever order and however often its events come."""

from itertools import permutations

import pytest

from bookstore.database import fetch_all, fetch_one
from bookstore.errors import Conflict, Unprocessable
from bookstore.orders.sync import sync_inventory
from tests.integration.orders.market import Market, book_event, together

STORY = [
    book_event("created", "b1", 1, 10),
    book_event("updated", "b1", 2, 7, title="Second title"),
    book_event("updated", "b1", 3, 20, price_cents=1500),
    book_event("deleted", "b1", 4, 20),
]


def state(market: Market) -> tuple[object, ...]:
    row = fetch_one(market.db, "SELECT * FROM inventory WHERE book_id = 'b1'")
    assert row is not None
    return row["stock"], row["stock_supplied"], row["available"], row["book_version"]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_order_does_not_matter(market: Market, order: tuple[int, ...]):
    for index in order:
        sync_inventory(STORY[index])
    assert state(market) == (20, 20, 0, 4)


def test_repetition_does_not_matter(market: Market):
    for event in [*STORY[:3], *STORY[:3]]:
        sync_inventory(event)
    assert state(market) == (20, 20, 1, 3)
    assert market.count("inventory_movements") == 3


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
@pytest.mark.parametrize("cut", range(1, 4))
def test_neither_does_what_comes_together(market: Market, order: tuple[int, ...], cut: int):
    events = [STORY[index] for index in order]
    sync_inventory(*events[:cut])
    sync_inventory(*events[cut:], *events[:1])
    assert state(market) == (20, 20, 0, 4)


def test_many_books_of_several_sellers_come_together(market: Market):
    known = [book_event("created", f"b{number}", 1, number) for number in range(50)]
    sync_inventory(*known[:25])
    market.order(("b20", 15))
    edits = [
        book_event("updated", "b20", 2, 10),
        book_event("updated", "b30", 2, 30, title="Renamed"),
        book_event("created", "b99", 1, 3, seller_id="sue"),
        book_event("deleted", "b1", 2, 1),
    ]
    sync_inventory(*known[20:], *edits)
    rows = fetch_all(market.db, "SELECT book_id, seller_id, title, stock, available FROM inventory ORDER BY book_id")
    found = {row.pop("book_id"): row for row in rows}
    assert len(found) == 51
    assert found["b20"] == {"seller_id": "sam", "title": "Title of b20", "stock": 0, "available": 1}
    assert found["b30"] == {"seller_id": "sam", "title": "Renamed", "stock": 30, "available": 1}
    assert found["b99"] == {"seller_id": "sue", "title": "Title of b99", "stock": 3, "available": 1}
    assert found["b1"]["available"] == 0
    moves = fetch_all(market.db, "SELECT book_id, actor, SUM(quantity) AS moved FROM inventory_movements GROUP BY 1, 2")
    assert {row["actor"] for row in moves if row["book_id"] == "b99"} == {"sue"}
    assert {row["book_id"]: row["moved"] for row in moves if row["book_id"] in ("b7", "b49")} == {"b7": 7, "b49": 49}
    newest = {event.subject: event.data["available"] for event in market.events("stock.changed")}
    assert newest == {name: row["stock"] for name, row in found.items()}


def test_batches_that_share_books_come_at_once(market: Market):
    events = [book_event("created", f"b{number}", 1, 2) for number in range(40)]
    answers = together(6, lambda number: sync_inventory(*events[number * 4 :], *events[: number * 4]))
    assert answers == [None] * 6
    assert market.count("inventory") == market.count("inventory_movements") == 40


def test_a_late_creation_does_not_bring_a_deleted_book_back(market: Market):
    sync_inventory(STORY[3])
    sync_inventory(STORY[0])
    with pytest.raises(Conflict):
        market.order(("b1", 1))


def test_the_same_event_many_times_at_once_counts_once(market: Market):
    answers = together(10, lambda _: sync_inventory(STORY[0]))
    assert answers == [None] * 10
    assert state(market) == (10, 10, 1, 1)


def test_different_first_events_of_a_book_at_once_agree(market: Market):
    answers = together(4, lambda number: sync_inventory(STORY[number]))
    assert answers == [None] * 4
    assert state(market) == (20, 20, 0, 4)


def test_a_sellers_edit_never_undoes_a_sale(market: Market):
    sync_inventory(book_event("created", "b1", 1, 10))
    market.order(("b1", 4))
    sync_inventory(book_event("updated", "b1", 2, 12))
    assert market.left("b1") == 8


def test_copies_that_were_sold_before_the_seller_took_them_out_are_corrected(market: Market):
    sync_inventory(book_event("created", "b1", 1, 10))
    market.order(("b1", 8))
    sync_inventory(book_event("updated", "b1", 2, 5))
    moves = fetch_all(market.db, "SELECT kind, quantity, actor, reason FROM inventory_movements ORDER BY id")
    assert [(move["kind"], move["quantity"]) for move in moves] == [
        ("received", 10),
        ("sold", -8),
        ("received", -5),
        ("corrected", 3),
    ]
    assert (market.left("b1"), moves[1]["actor"], moves[2]["actor"]) == (0, "ann", "sam")


def test_every_change_of_the_stock_is_told_with_a_version_and_others_are_not(market: Market):
    sync_inventory(book_event("created", "b1", 1, 0))
    sync_inventory(book_event("updated", "b1", 2, 3))
    sync_inventory(book_event("updated", "b1", 3, 3, title="Only the title"))
    told = market.events("stock.changed")
    assert [(event.version, event.data["available"]) for event in told] == [(1, 0), (2, 3)]


def test_a_listing_in_another_currency_is_refused_and_never_sold(market: Market):
    market.supply("b1", 5)
    dollars, euros = book_event("updated", "b1", 2, 7), book_event("created", "b2", 1, 5, currency="EUR")
    with pytest.raises(Unprocessable, match="b2 is listed in EUR, and orders are in USD"):
        sync_inventory(dollars, euros)
    assert (market.left("b1"), market.count("inventory")) == (5, 1)
    with pytest.raises(Conflict, match="b2 is not for sale"):
        market.order(("b2", 1))
    sync_inventory(book_event("deleted", "b1", 3, 5))
