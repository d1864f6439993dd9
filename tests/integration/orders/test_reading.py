"""Reading orders: who sees what, page by page."""

import pytest

from bookstore.errors import Forbidden, NotFound
from bookstore.orders.models import OrdersQuery
from bookstore.orders.orders import list_orders
from bookstore.orders.people import Actor
from tests.integration.orders.market import ADMIN, ANN, SAM, SUE, Market, person


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
