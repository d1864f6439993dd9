"""The table of states, without a database."""

from datetime import UTC, datetime

import pytest

from bookstore.orders.records import Shipment
from bookstore.orders.states import ORDER, SHIPMENT, Moves, after_all_parts, target

AT = datetime(2026, 1, 2, tzinfo=UTC)
ORDERS = ("pending", "paid", "shipped", "cancelled", "expired")
SHIPMENTS = ("open", "shipped", "cancelled", "refunded")


def walked(moves: Moves, statuses: tuple[str, ...]) -> set[tuple[str, str, str]]:
    """Every move of a table: from, action, to."""
    found = [(status, action, target(moves, status, action)) for status in statuses for action in moves]
    return {(status, action, end) for status, action, end in found if end}


def test_these_are_all_the_moves_of_an_order():
    assert walked(ORDER, ORDERS) == {
        ("pending", "pay", "paid"),
        ("pending", "cancel", "cancelled"),
        ("pending", "expire", "expired"),
        ("paid", "ship", "shipped"),
        ("paid", "cancel", "cancelled"),
    }


def test_these_are_all_the_moves_of_a_shipment():
    assert walked(SHIPMENT, SHIPMENTS) == {
        ("open", "ship", "shipped"),
        ("open", "cancel", "cancelled"),
        ("open", "refund", "refunded"),
        ("shipped", "refund", "refunded"),
    }


@pytest.mark.parametrize(
    ("parts", "following"),
    [
        (["open", "shipped"], None),
        (["shipped", "shipped"], "ship"),
        (["shipped", "refunded"], "ship"),
        (["refunded", "cancelled"], "cancel"),
        (["refunded"], "cancel"),
    ],
)
def test_an_order_follows_its_parts_when_none_is_open(parts: list[str], following: str | None):
    shipments = [Shipment("s", status, AT, shipped_at=AT if status == "shipped" else None) for status in parts]
    assert after_all_parts(shipments) == following
