"""Totals, and who gets which money back."""

from datetime import UTC, datetime

import pytest

from bookstore.orders.balance import Balance
from bookstore.orders.inventory import Wanted
from bookstore.orders.models import BasketLine
from bookstore.orders.orders import wanted
from bookstore.orders.records import Item, Order, Payment, Shipment
from bookstore.orders.returns import Reckoning, reckon

AT = datetime(2026, 1, 2, tzinfo=UTC)


def order(method: str = "card", **statuses: str) -> Order:
    """An order of 2 x 10.00 from Sam and 7.00 from Sue, delivered for 3.99."""
    shipped = {"shipped", "refunded"}
    parts = {"sam": "open", "sue": "open"} | statuses
    return Order(
        id="o1",
        buyer_id="ann",
        buyer_name="Ann",
        status="paid",
        delivery_method="standard",
        address=None,
        delivery_cents=399,
        currency="USD",
        created_at=AT,
        expires_at=AT,
        items=[Item("b1", "sam", "One", 2, 1000), Item("b2", "sue", "Two", 1, 700)],
        shipments=[
            Shipment(seller, status, AT, shipped_at=AT if status in shipped else None)
            for seller, status in parts.items()
        ],
        history=[],
        payment=Payment(method, "captured", Balance(captured=3099), "a1"),
    )


def test_a_total_is_all_items_and_their_delivery():
    assert (order().total_cents, order().worth(["sam"]), order().worth([])) == (3099, 2000, 0)


def test_lines_of_the_same_book_are_summed_at_the_lowest_price_agreed_to():
    lines = [
        BasketLine(book_id="b1", quantity=1, price_cents=900),
        BasketLine(book_id="b2", quantity=1),
        BasketLine(book_id="b1", quantity=2, price_cents=800),
    ]
    assert wanted(lines) == {"b1": Wanted(3, 800), "b2": Wanted(1, None)}


@pytest.mark.parametrize(
    ("given", "sellers", "back"),
    [
        (order(), ["sam"], Reckoning(0, 2000)),
        (order(), ["sam", "sue"], Reckoning(0, 3099)),
        (order(sam="refunded"), ["sue"], Reckoning(0, 1099)),
        (order(sam="shipped"), ["sue"], Reckoning(0, 700)),
        (order("cash_on_delivery"), ["sam"], Reckoning(2000, 0)),
        (order("cash_on_delivery"), ["sam", "sue"], Reckoning(3099, 0)),
        (order("cash_on_delivery", sam="shipped"), ["sue"], Reckoning(700, 0)),
        (order("cash_on_delivery", sam="shipped"), ["sam", "sue"], Reckoning(700, 2399)),
    ],
)
def test_delivery_goes_back_with_the_last_part_and_cash_only_when_it_was_collected(
    given: Order, sellers: list[str], back: Reckoning
):
    assert reckon(given, sellers) == back


def test_the_status_of_a_payment_follows_its_balance():
    promised = Balance(due=3099)
    collected = promised.collect(3099)
    part_back = collected.give_back(waived=0, refunded=700)
    assert [balance.status(kept=True) for balance in (promised, collected, part_back)] == [
        *("due", "captured", "partially_refunded"),
    ]
    assert part_back.status(kept=False) == "refunded"


def test_a_free_order_is_captured_until_it_is_given_back():
    assert (Balance().status(kept=True), Balance().status(kept=False)) == ("captured", "refunded")
