"""Placing orders: what is reserved, what is refused, and what happens when many want the same."""

from typing import Any

import pytest

from bookstore.database import fetch_one
from bookstore.errors import BookstoreError, Conflict, Unprocessable
from bookstore.orders import orders
from bookstore.orders.idempotency import Request, alone
from bookstore.orders.inventory import offered
from bookstore.orders.models import Basket
from bookstore.orders.sync import sync_inventory
from tests.integration.orders.market import ANN, SUE, Market, book_event, person, together


def test_an_order_reserves_its_copies_and_tells_of_it(market: Market):
    market.supply("b1", 5)
    order = market.order(("b1", 2))
    assert (order["status"], order["total_cents"], market.left("b1")) == ("pending", 2000, 3)
    assert [event.data["order_id"] for event in market.events("order.placed")] == [order["id"]]
    assert market.events("stock.changed")[-1].data == {"book_id": "b1", "available": 3, "version": 2}


def test_delivery_is_part_of_the_total_and_the_address_is_kept(market: Market):
    market.supply("b1", 5)
    address = {"name": "Ann", "line1": "1 High St", "city": "London", "country": "United Kingdom"}
    basket = {"items": [{"book_id": "b1", "quantity": 1}], "delivery": {"method": "express", "address": address}}
    order = market.place(Basket.model_validate(basket))
    assert (order["delivery_cents"], order["total_cents"]) == (899, 1899)
    assert market.seen(order["id"])["delivery"]["address"] == address


def test_the_answer_of_placing_is_the_order_as_it_is_read_later(market: Market):
    market.supply("b1", 5)
    market.supply("b2", 5, seller=SUE)
    placed = market.order(("b2", 1), ("b1", 2))
    assert market.seen(placed["id"]) == placed


def test_the_same_book_twice_is_summed_before_the_stock_is_checked(market: Market):
    market.supply("b1", 3)
    with pytest.raises(Conflict, match="has 3 copies left"):
        market.order(("b1", 2), ("b1", 2))
    assert market.order(("b1", 2), ("b1", 1))["items"][0]["quantity"] == 3


def test_every_item_that_cannot_be_had_is_named_and_nothing_is_reserved(market: Market):
    market.supply("b1", 5)
    market.supply("b2", 0)
    market.supply("b3", 5)
    sync_inventory(book_event("deleted", "b3", 2, 5))
    with pytest.raises(Conflict) as refused:
        market.order(("b1", 1), ("b2", 1), ("b3", 1), ("b4", 1))
    reasons = {item["book_id"]: item["reason"] for item in refused.value.extra["items"]}
    assert reasons == {"b2": "sold_out", "b3": "deleted", "b4": "unknown"}
    assert [error["field"] for error in refused.value.errors] == ["items[1]", "items[2]", "items[3]"]
    assert market.left("b1") == 5


def test_a_price_above_the_one_agreed_to_is_refused_with_both(market: Market):
    market.supply("b1", 5, price_cents=1000)
    with pytest.raises(Conflict) as refused:
        market.order(("b1", 1), price_cents=900)
    item = refused.value.extra["items"][0]
    assert (item["seen_price_cents"], item["price_cents"]) == (900, 1000)
    assert market.order(("b1", 1), price_cents=1100)["total_cents"] == 1000


def test_the_same_key_twenty_times_at_once_makes_one_order(market: Market):
    market.supply("b1", 50)
    answers = together(20, lambda _: market.order(("b1", 1), key="k"))
    assert len({str(answer) for answer in answers}) == 1
    assert (market.left("b1"), market.count("orders")) == (49, 1)


def test_a_key_of_another_request_is_refused_and_another_users_key_is_free(market: Market):
    market.supply("b1", 5)
    first = market.order(("b1", 1), key="k")
    with pytest.raises(Unprocessable, match="another request"):
        market.order(("b1", 2), key="k")
    assert market.order(("b1", 1), key="k", buyer=SUE)["id"] != first["id"]


def test_a_refusal_is_kept_for_its_key_even_when_the_book_is_back(market: Market):
    market.supply("b1", 0)
    with pytest.raises(Conflict) as first:
        market.order(("b1", 1), key="k")
    sync_inventory(book_event("updated", "b1", 2, 5))
    with pytest.raises(BookstoreError) as second:
        market.order(("b1", 1), key="k")
    assert (second.value.status, str(second.value)) == (409, str(first.value))
    assert second.value.extra == first.value.extra
    assert market.order(("b1", 1), key="k2")["status"] == "pending"


def test_a_request_that_is_still_at_work_after_three_seconds_answers_conflict_with_retry_after(market: Market):
    market.supply("b1", 5)
    request = Request.of(ANN.id, "place-order", "k", b"")
    with alone(request):
        answers = together(1, lambda _: market.order(("b1", 1), key="k"))
    assert isinstance(answers[0], Conflict)
    assert answers[0].headers == {"Retry-After": "1"}
    assert market.order(("b1", 1), key="k")["status"] == "pending"


def test_twenty_buyers_of_the_last_five_copies_get_exactly_five(market: Market):
    market.supply("b1", 5)
    answers = together(20, lambda number: market.order(("b1", 1), buyer=person(f"buyer{number}")))
    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert (len(answers) - len(refused), len(refused), market.left("b1")) == (5, 15, 0)
    assert [event.data["available"] for event in market.events("stock.changed")] == [5, 4, 3, 2, 1, 0]


def test_baskets_with_the_same_books_in_another_order_do_not_block_each_other(market: Market):
    for book_id in ("b1", "b2", "b3"):
        market.supply(book_id, 100)
    books = [("b1", 1), ("b2", 1), ("b3", 1)]
    answers = together(12, lambda number: market.order(*books[:: 1 if number % 2 else -1], buyer=person(f"p{number}")))
    assert all(isinstance(answer, dict) for answer in answers)
    assert [market.left(book_id) for book_id, _ in books] == [88, 88, 88]


def test_an_order_keeps_the_title_and_price_it_was_placed_with(market: Market):
    market.supply("b1", 5)
    order = market.order(("b1", 1))
    sync_inventory(book_event("updated", "b1", 2, 5, title="New title", price_cents=5000))
    item = market.seen(order["id"])["items"][0]
    assert (item["title"], item["price_cents"]) == ("Title of b1", 1000)


def test_the_body_of_a_request_is_not_kept(market: Market):
    market.supply("b1", 5)
    market.order(("b1", 1), key="k")
    row = fetch_one(market.db, "SELECT body_hmac FROM idempotency")
    assert row is not None
    assert len(row["body_hmac"]) == 64


def test_a_book_that_changes_while_it_is_ordered_is_read_again(market: Market, monkeypatch: pytest.MonkeyPatch):
    market.supply("b1", 5)
    edits = iter([book_event("updated", "b1", 2, 5, title="Edited", price_cents=900)])

    def edited_meanwhile(*args: Any) -> Any:
        books = offered(*args)
        # Another thread, as another connection to the database.
        together(1, lambda _: [sync_inventory(edit) for edit in edits])
        return books

    monkeypatch.setattr(orders, "offered", edited_meanwhile)
    item = market.order(("b1", 1))["items"][0]
    assert (item["title"], item["price_cents"], market.left("b1")) == ("Edited", 900, 4)
