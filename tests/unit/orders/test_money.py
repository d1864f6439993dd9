"""Totals, tax, and who gets which money back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bookstore.orders.balance import Balance, Entry
from bookstore.orders.inventory import Wanted, wanted
from bookstore.orders.ledger import owed
from bookstore.orders.models import BasketLine
from bookstore.orders.records import Item, Order, Payment, Return, Shipment
from bookstore.orders.returns import reckon, whole_parts
from bookstore.orders.tax import UNTAXED, Tax

AT = datetime(2026, 1, 2, tzinfo=UTC)
ON_TOP, INCLUDED = Tax(1900, included=False), Tax(700)


def order(method: str = "card", tax: Tax = UNTAXED, **statuses: str) -> Order:
    """An order of 2 x 10.00 from Sam and 7.00 from Sue, delivered for 3.99."""
    parts = {"sam": "open", "sue": "open"} | statuses
    shipments = [
        Shipment(seller, status, AT, shipped_at=AT if status == "shipped" else None) for seller, status in parts.items()
    ]
    items = [Item("b1", "sam", "One", 2, 1000), Item("b2", "sue", "Two", 1, 700)]
    fresh = Order(
        *("o1", "ann", "Ann", "paid", "standard", None, 399, "USD", AT, AT, items, shipments, [], tax),
        payment=Payment(method, "captured", Balance(), "a1"),
    )
    return fresh.without(whole_parts(fresh, [seller for seller, status in parts.items() if status == "refunded"]))


def back(given: Order, sellers: Sequence[str]) -> tuple[int, int]:
    """What is waived and what is refunded when these sellers' parts are taken back."""
    entries = reckon(given, given.without(whole_parts(given, sellers)))
    waived, refunded = (sum(entry.cents for entry in entries if entry.kind == kind) for kind in ("waived", "refunded"))
    return waived, refunded


def test_a_total_is_all_items_and_their_delivery():
    assert (order().total_cents, order().worth("sam"), order().tax_cents) == (3099, 2000, 0)


def test_a_tax_on_top_is_rounded_for_each_part_and_for_the_delivery():
    taxed = order(tax=ON_TOP)
    # 380 for Sam, 133 for Sue, and 75.81 for the delivery.
    assert (taxed.tax_cents, taxed.total_cents) == (380 + 133 + 76, 3099 + 589)


def test_a_tax_that_prices_contain_changes_no_total():
    taxed = order(tax=INCLUDED)
    assert (taxed.tax_cents, taxed.total_cents) == (131 + 46 + 26, 3099)


@pytest.mark.parametrize(("cents", "tax"), [(0, 0), (5, 1), (4, 0), (10, 1), (15, 2), (10**11, 10**10)])
def test_half_a_cent_of_tax_is_rounded_up(cents: int, tax: int):
    assert Tax(1000, included=False).of(cents) == tax


def test_lines_of_the_same_book_are_summed_at_the_lowest_price_agreed_to():
    lines = [
        BasketLine(book_id="b1", quantity=1, price_cents=900),
        BasketLine(book_id="b2", quantity=1),
        BasketLine(book_id="b1", quantity=2, price_cents=800),
    ]
    assert wanted(lines) == {"b1": Wanted(3, 800), "b2": Wanted(1, None)}


@pytest.mark.parametrize(
    ("given", "sellers", "waived", "refunded"),
    [
        (order(), ["sam"], 0, 2000),
        (order(), ["sam", "sue"], 0, 3099),
        (order(sam="refunded"), ["sue"], 0, 1099),
        (order(sam="shipped"), ["sue"], 0, 700),
        (order("cash_on_delivery"), ["sam"], 2000, 0),
        (order("cash_on_delivery"), ["sam", "sue"], 3099, 0),
        (order("cash_on_delivery", sam="shipped"), ["sue"], 700, 0),
        (order("cash_on_delivery", sam="shipped"), ["sam", "sue"], 700, 2399),
        (order(tax=ON_TOP), ["sam"], 0, 2380),
    ],
)
def test_delivery_goes_back_with_the_last_part_and_cash_only_when_it_was_collected(
    given: Order, sellers: list[str], waived: int, refunded: int
):
    assert back(given, sellers) == (waived, refunded)


def test_a_single_copy_goes_back_at_its_price():
    before = order()
    after = before.without([Return("b1", 1, restock=True)])
    assert reckon(before, after) == [Entry("refunded", 1000, "sam")]
    assert (after.items[0].kept, after.items[0].restocked, after.keeps("sam")) == (1, 1, True)


@given(
    prices=some.lists(some.integers(0, 10**6), min_size=1, max_size=5),
    delivery=some.integers(0, 2000),
    tax=some.builds(Tax, some.integers(0, 10_000), some.booleans()),
    method=some.sampled_from(["card", "cash_on_delivery"]),
    shipped=some.sets(some.sampled_from(["sam", "sue"])),
    data=some.data(),
)
def test_what_goes_back_step_by_step_is_in_the_end_exactly_what_was_paid(
    prices: list[int], delivery: int, tax: Tax, method: str, shipped: set[str], data: some.DataObject
):
    items = [
        Item(f"b{number}", ("sam", "sue")[number % 2], "T", data.draw(some.integers(1, 9)), price)
        for number, price in enumerate(prices)
    ]
    sellers = sorted({item.seller_id for item in items})
    parts = [Shipment(name, "open", AT, shipped_at=AT if name in shipped else None) for name in sellers]
    now = Order(
        *("o1", "ann", "Ann", "paid", "standard", None, delivery, "USD", AT, AT, items, parts, [], tax),
        payment=Payment(method, "due", Balance(), attempt_id="a1" if method == "card" else None),
    )
    due = owed(now)
    came = [entry for entry in due if method == "card" or entry.seller_id in shipped]
    came += due[-1:] if method != "card" and now.shipped else []
    balance = Balance().after([*due, *(replace(entry, kind="captured") for entry in came)])
    assert balance.due + balance.captured == now.total_cents
    while now.keeps():
        item = data.draw(some.sampled_from([item for item in now.items if item.kept]))
        if (left := now.paid_price(item.seller_id)) and data.draw(some.booleans()):
            # An amount goes back, and the copies stay.
            cents = data.draw(some.integers(1, left))
            given = replace(now.part(item.seller_id), goodwill_cents=now.part(item.seller_id).goodwill_cents + cents)
            others = [part for part in now.shipments if part.seller_id != item.seller_id]
            after, back = replace(now, shipments=[*others, given]), [Entry("refunded", cents, item.seller_id)]
        else:
            after = now.without([Return(item.book_id, data.draw(some.integers(1, item.kept)), restock=False)])
            back = reckon(now, after)
        balance, now = balance.after(back), after
        worth = sum(map(now.kept_price, sellers)) + (now.delivery_price if now.keeps() else 0)
        assert balance.due + balance.captured - balance.refunded == worth
        assert min(balance.due, balance.captured - balance.refunded) >= 0
    assert (balance.due, balance.captured) == (0, balance.refunded)


def test_the_status_of_a_payment_follows_its_balance():
    promised = Balance().after([Entry("due", 3099)])
    collected = promised.after([Entry("captured", 3099)])
    part_back = collected.after([Entry("refunded", 700)])
    assert [balance.status(kept=True) for balance in (promised, collected, part_back)] == [
        *("due", "captured", "partially_refunded"),
    ]
    assert part_back.status(kept=False) == "refunded"


def test_a_free_order_is_captured_until_it_is_given_back():
    assert (Balance().status(kept=True), Balance().status(kept=False)) == ("captured", "refunded")
