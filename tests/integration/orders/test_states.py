"""The life of an order, walked completely: every action in every status, and nothing else changes."""

from datetime import timedelta
from itertools import product

import pytest

from bookstore.clock import now
from bookstore.errors import Conflict
from tests.integration.orders.market import Market

LATER = timedelta(minutes=16)
STATUSES = ("pending", "paid", "shipped", "cancelled", "expired")
ACTIONS = ("pay", "ship", "refund", "cancel", "expire")
LEADS_TO = {
    ("pending", "pay"): "paid",
    ("pending", "cancel"): "cancelled",
    ("pending", "expire"): "expired",
    ("paid", "ship"): "shipped",
    ("paid", "refund"): "cancelled",
    ("paid", "cancel"): "cancelled",
    ("shipped", "refund"): "shipped",
}


def act(market: Market, order_id: str, action: str) -> None:
    if action == "expire":
        market.time_passes(now() + LATER)
    else:
        getattr(market, action)(order_id)


def order_in(market: Market, status: str) -> str:
    market.supply("b1", 5)
    order_id: str = market.order(("b1", 2))["id"]
    ways = {"paid": ["pay"], "shipped": ["pay", "ship"], "cancelled": ["cancel"], "expired": ["expire"]}
    for action in ways.get(status, []):
        act(market, order_id, action)
    return order_id


@pytest.mark.parametrize(("status", "action"), list(product(STATUSES, ACTIONS)))
def test_every_action_in_every_status(market: Market, status: str, action: str):
    order_id = order_in(market, status)
    before = market.seen(order_id), market.left("b1"), len(market.events())
    assert before[0]["status"] == status
    if (status, action) in LEADS_TO:
        act(market, order_id, action)
        assert market.seen(order_id)["status"] == LEADS_TO[status, action]
    else:
        if action == "expire":
            act(market, order_id, action)
        else:
            with pytest.raises(Conflict, match=f"is {status}"):
                act(market, order_id, action)
        assert (market.seen(order_id), market.left("b1"), len(market.events())) == before
