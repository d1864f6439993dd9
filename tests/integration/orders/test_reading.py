"""Reading orders: who sees what, page by page."""

from datetime import timedelta
from itertools import chain

import pytest
from pydantic import ValidationError

from bookstore.clock import now
from bookstore.database import fetch_all
from bookstore.errors import Forbidden, NotFound
from bookstore.orders import orders
from bookstore.orders.models import Basket, OrdersQuery
from bookstore.orders.orders import list_orders
from bookstore.orders.people import Actor
from tests.integration.orders.market import ADDRESS, ADMIN, ANN, SAM, SUE, Market, cash, person


def pages(reader: Actor, role: str, limit: int = 2, status: str | None = None) -> list[list[str]]:
    """The ids of a list, page by page to its end."""
    found: list[list[str]] = []
    cursor: str | None = None
    while True:
        query = OrdersQuery.model_validate({"role": role, "cursor": cursor, "limit": limit, "status": status})
        page = list_orders(query, reader=reader)
        found.append([order["id"] for order in page["items"]])
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def test_a_list_goes_from_the_newest_to_the_oldest_and_misses_nothing(market: Market):
    market.supply("b1", 50)
    placed = [market.order(("b1", 1))["id"] for _ in range(5)]
    newest = placed[::-1]
    assert pages(ANN, "buyer") == [newest[:2], newest[2:4], newest[4:]]
    assert pages(SAM, "seller", 5) == [newest]
    assert pages(SUE, "buyer") == [[]]


def test_a_seller_lists_the_own_part_only(market: Market):
    market.supply("b1", 5)
    market.supply("b2", 5, seller=SUE)
    market.order(("b1", 1), ("b2", 1))
    page = list_orders(OrdersQuery(role="seller"), reader=SUE)
    assert [item["book_id"] for item in page["items"][0]["items"]] == ["b2"]
    assert page["items"][0]["buyer"] == {"id": "ann", "name": "Ann"}


def test_all_orders_are_listed_for_an_admin_only(market: Market):
    market.supply("b1", 5)
    placed = [market.order(("b1", 1), buyer=buyer)["id"] for buyer in (ANN, SUE)]
    assert pages(ADMIN, "admin") == [placed[::-1]]
    with pytest.raises(Forbidden):
        pages(ANN, "admin")


def test_an_order_is_seen_by_its_buyer_its_seller_and_an_admin(market: Market):
    market.supply("b1", 5)
    order_id = market.order(("b1", 1))["id"]
    assert {market.seen(order_id, reader=reader)["id"] for reader in (ANN, SAM, ADMIN)} == {order_id}
    for reader, wanted in ((person("zoe"), order_id), (ANN, "nothing")):
        with pytest.raises(NotFound, match="There is no such order"):
            market.seen(wanted, reader=reader)


def delivered(market: Market) -> str:
    """An order of books of two sellers that goes to an address."""
    market.supply("b1", 5)
    market.supply("b2", 5, seller=SUE)
    items = [{"book_id": book_id, "quantity": 1} for book_id in ("b1", "b2")]
    delivery = {"method": "standard", "address": ADDRESS}
    order_id: str = market.place(Basket.model_validate({"items": items, "delivery": delivery}))["id"]
    return order_id


def test_a_seller_is_told_where_to_ship_when_there_is_something_to_ship(market: Market):
    order_id = delivered(market)
    hidden = {"method": "standard", "country": "United Kingdom"}
    told = {"method": "standard", "address": ADDRESS}

    def seen(reader: Actor) -> object:
        return market.seen(order_id, reader=reader)["delivery"]

    assert (seen(SAM), seen(ANN), seen(ADMIN)) == (hidden, told, told)
    market.pay(order_id, cash())
    assert (seen(SAM), seen(SUE)) == (told, told)
    market.refund(order_id, seller=SUE)
    market.ship(order_id)
    market.refund(order_id)
    # Sam has it on the parcel, and may have to take it back.
    assert (seen(SAM), seen(SUE), seen(ANN)) == (told, hidden, told)


def test_a_seller_is_not_told_where_a_cancelled_order_would_have_gone(market: Market):
    order_id = delivered(market)
    market.pay(order_id)
    market.cancel(order_id)
    page = list_orders(OrdersQuery(role="seller"), reader=SAM)["items"]
    assert [order["delivery"] for order in page] == [{"method": "standard", "country": "United Kingdom"}]


def orders_of_every_kind(market: Market) -> dict[str, str]:
    """Orders of Sam's book, and some of Sue's too, named by what became of them."""
    market.supply("b1", 50)
    market.supply("b2", 50, seller=SUE)
    found = {name: market.order(("b1", 1), ("b2", 1))["id"] for name in ("new", "cancelled", "expired")}
    market.cancel(found["cancelled"])
    market.time_passes(now() + timedelta(minutes=16))
    found["new"] = market.order(("b1", 1))["id"]
    found |= {name: market.paid(("b1", 1), ("b2", 1)) for name in ("paid", "half", "shipped", "refunded")}
    market.ship(found["half"])
    for seller in (SAM, SUE):
        market.ship(found["shipped"], seller=seller)
        market.refund(found["refunded"], seller=seller)
    return found


def test_a_list_holds_what_is_in_the_status_asked_for(market: Market):
    found = orders_of_every_kind(market)
    names = {order_id: name for name, order_id in found.items()}

    def listed(reader: Actor, role: str, status: str) -> set[str]:
        return {names.get(order_id, "expired") for order_id in chain(*pages(reader, role, 1, status))}

    of_orders = {
        "pending": {"new"},
        "paid": {"paid", "half"},
        "shipped": {"shipped"},
        "cancelled": {"cancelled", "refunded"},
        "expired": {"expired"},
    }
    for status, those in of_orders.items():
        assert listed(ANN, "buyer", status) == listed(ADMIN, "admin", status) == those
    of_parts = ("open", "paid", "shipped", "cancelled", "refunded")
    assert {status: listed(SAM, "seller", status) for status in of_parts} == {
        "open": {"new", "paid"},
        "paid": {"paid"},
        "shipped": {"half", "shipped"},
        "cancelled": {"cancelled", "expired"},
        "refunded": {"refunded"},
    }
    assert listed(SUE, "seller", "paid") == {"paid", "half"}
    assert listed(SUE, "buyer", "paid") == set()


def test_a_list_in_one_status_is_read_in_its_order_from_an_index(market: Market):
    orders_of_every_kind(market)
    used = {"buyer": "orders_of_buyer_in_status", "seller": "parts_of_seller_in_status", "admin": "orders_in_status"}
    for role, index in used.items():
        query = OrdersQuery.model_validate({"role": role, "status": "paid"})
        plan = fetch_all(market.db, f"EXPLAIN {orders._page(query)}", orders._bounds(query, SAM))
        assert plan[0]["possible_keys"].count(index) == 1
        assert "filesort" not in (plan[0]["Extra"] or "")


@pytest.mark.parametrize(
    ("role", "status"), [("seller", "pending"), ("seller", "expired"), ("buyer", "open"), ("admin", "refunded")]
)
def test_a_status_that_there_is_not_is_refused(role: str, status: str):
    with pytest.raises(ValidationError, match="must be one of"):
        OrdersQuery.model_validate({"role": role, "status": status})
