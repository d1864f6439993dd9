"""Reading orders: who sees what, page by page."""

import pytest

from bookstore.errors import Forbidden, NotFound
from bookstore.orders.models import Basket, OrdersQuery
from bookstore.orders.orders import list_orders
from bookstore.orders.people import Actor
from tests.integration.orders.market import ADMIN, ANN, SAM, SUE, Market, cash, person


def pages(reader: Actor, role: str, limit: int = 2) -> list[list[str]]:
    """The ids of a list, page by page to its end."""
    found: list[list[str]] = []
    cursor: str | None = None
    while True:
        page = list_orders(OrdersQuery(role=role, cursor=cursor, limit=limit), reader=reader)  # type: ignore[arg-type]
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


ADDRESS = {"name": "Ann", "line1": "1 High St", "city": "London", "country": "United Kingdom"}


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
