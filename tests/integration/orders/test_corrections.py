"""A seller counts again: what is left changes, the catalog hears of it, and everything is in the list of movements."""

import pytest

from bookstore.errors import Conflict, Forbidden, NotFound, Unprocessable
from bookstore.fields import NumberedQuery
from bookstore.orders.corrections import list_movements
from bookstore.orders.sync import sync_inventory
from tests.integration.orders.market import ADMIN, ANN, SAM, SUE, Market, book_event, together


def movements(reader=SAM, **page):
    return list_movements("b1", NumberedQuery(**page), reader=reader)


def test_copies_that_are_missing_or_found_are_told_to_the_catalog_and_leave_the_supply_alone(market: Market):
    market.supply("b1", 10)
    assert market.correct("b1", -3, "water damage") == 7
    assert market.correct("b1", 1, "found behind the shelf") == 8
    assert [event.data["available"] for event in market.events("stock.changed")] == [10, 7, 8]
    sync_inventory(book_event("updated", "b1", 2, 12))
    assert market.left("b1") == 10


def test_every_movement_is_listed_with_who_and_why_the_newest_first(market: Market):
    market.supply("b1", 10)
    order_id = market.paid(("b1", 2))
    market.refund(order_id, ("b1", 1), reason="bent corner")
    market.correct("b1", -1, "stolen")
    found = movements()["items"]
    assert [(move["kind"], move["quantity"], move["actor"], move["reason"]) for move in found] == [
        ("corrected", -1, "sam", "stolen"),
        ("returned", 1, "sam", "bent corner"),
        ("sold", -2, "ann", "ordered"),
        ("received", 10, "sam", "book.created"),
    ]
    assert [move.get("order_id") for move in found] == [None, order_id, order_id, None]


def test_the_list_of_movements_is_read_page_by_page(market: Market):
    market.supply("b1", 10)
    for _ in range(4):
        market.correct("b1", -1)
    first = movements(limit=3)
    second = movements(limit=3, cursor=first["next_cursor"])
    assert len(first["items"] + second["items"]) == 5
    assert second["next_cursor"] is None
    assert len({move["id"] for move in first["items"] + second["items"]}) == 5


def test_only_the_seller_and_admins_count_and_look(market: Market):
    market.supply("b1", 10)
    for stranger in (ANN, SUE):
        with pytest.raises(Forbidden):
            market.correct("b1", 1, seller=stranger)
        with pytest.raises(Forbidden):
            movements(stranger)
    with pytest.raises(NotFound):
        market.correct("b2", 1)
    assert market.correct("b1", 1, seller=ADMIN) == 11
    assert movements(ADMIN)["items"][0]["actor"] == "root"


def test_an_admin_who_counts_anothers_copies_is_told_of_once_and_a_seller_is_not(market: Market):
    market.supply("b1", 10)
    market.correct("b1", -1, "stolen")
    for _ in range(2):
        market.correct("b1", 1, "found", seller=ADMIN, key="k")
    (act,) = [event.data for event in market.events("orders.administered")]
    assert (act["act"], act["target_kind"], act["target_id"], act["admin_id"]) == (
        "correct_stock",
        "book",
        "b1",
        "root",
    )
    assert act["details"] == {"seller_id": "sam", "quantity": 1, "reason": "found"}


@pytest.mark.parametrize("quantity", [-11, 10**6])
def test_fewer_than_none_and_more_than_a_million_are_refused(market: Market, quantity: int):
    market.supply("b1", 10)
    with pytest.raises(Conflict, match="10 copies left"):
        market.correct("b1", quantity)
    assert market.left("b1") == 10


def test_the_same_count_sent_twenty_times_at_once_counts_once(market: Market):
    market.supply("b1", 50)
    assert together(20, lambda _: market.correct("b1", -1, key="k")) == [49] * 20
    assert market.left("b1") == 49
    with pytest.raises(Unprocessable):
        market.correct("b1", -2, key="k")


def test_corrections_and_orders_at_once_never_take_the_same_copy(market: Market):
    market.supply("b1", 10)
    answers = together(20, lambda n: market.order(("b1", 1)) if n % 2 else market.correct("b1", -1))
    assert sum(not isinstance(answer, Exception) for answer in answers) == 10
    assert market.left("b1") == 0
