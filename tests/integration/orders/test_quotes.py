"""What an order would cost: prices, problems, every way of delivery, tax; and nothing is reserved."""

from typing import Any

import pytest

from bookstore.orders.models import Basket, Inquiry
from bookstore.orders.quotes import quote_order
from bookstore.orders.settings import settings
from bookstore.orders.sync import sync_inventory
from tests.integration.orders.market import ADDRESS, SUE, Market, book_event


def quote(*items: tuple[str, int], method: str | None = None, **line: Any) -> dict[str, Any]:
    lines = [{"book_id": book_id, "quantity": quantity, **line} for book_id, quantity in items]
    return quote_order(Inquiry.model_validate({"items": lines} | ({"delivery": {"method": method}} if method else {})))


@pytest.fixture
def two_sellers(market: Market) -> Market:
    market.supply("b1", 3, price_cents=1000)
    market.supply("b2", 3, price_cents=705, seller=SUE)
    return market


@pytest.fixture
def taxed(two_sellers: Market, monkeypatch: pytest.MonkeyPatch) -> Market:
    monkeypatch.setenv("TAX_BASIS_POINTS", "1000")
    monkeypatch.setenv("TAX_INCLUDED", "0")
    settings.cache_clear()
    return two_sellers


def test_a_quote_tells_the_price_of_every_way_of_delivery_and_reserves_nothing(two_sellers: Market):
    found = quote(("b1", 2), ("b2", 1))
    assert {way["method"]: way["total_cents"] for way in found["deliveries"]} == {
        "standard": 2705 + 399,
        "express": 2705 + 899,
        "pickup": 2705,
    }
    assert found["orderable"]
    assert "total_cents" not in found
    assert (two_sellers.left("b1"), two_sellers.count("orders")) == (3, 0)


@pytest.mark.parametrize("method", ["standard", "express", "pickup"])
def test_the_order_costs_what_the_quote_said(taxed: Market, method: str):
    promised = quote(("b1", 2), ("b2", 1), method=method)
    delivery = {"method": method} | ({} if method == "pickup" else {"address": ADDRESS})
    items = [{"book_id": "b2", "quantity": 1}, {"book_id": "b1", "quantity": 2}]
    placed = taxed.place(Basket.model_validate({"items": items, "delivery": delivery}))
    for field in ("delivery_cents", "tax", "total_cents", "currency"):
        assert placed[field] == promised[field]
    # 200 for one seller, 70.5 for the other, and for the delivery 39.9, 89.9 or nothing.
    assert placed["tax"]["cents"] == 271 + {"standard": 40, "express": 90, "pickup": 0}[method]


def test_an_order_keeps_the_tax_that_it_was_placed_with(taxed: Market, monkeypatch: pytest.MonkeyPatch):
    placed = taxed.order(("b1", 1))
    monkeypatch.setenv("TAX_BASIS_POINTS", "2500")
    settings.cache_clear()
    assert taxed.seen(placed["id"])["total_cents"] == 1100
    taxed.pay(placed["id"])
    assert taxed.refund(placed["id"])["tax"] == {"basis_points": 1000, "included": False, "cents": 100}
    assert taxed.ledger(placed["id"]) == [("due", 1100, "sam"), ("captured", 1100, "sam"), ("refunded", 1100, "sam")]


def test_every_line_that_cannot_be_had_says_why(two_sellers: Market):
    two_sellers.supply("gone", 5)
    sync_inventory(book_event("deleted", "gone", 2, 5))
    found = quote(("b1", 4), ("gone", 1), ("nobody", 1), ("b2", 1), price_cents=700)
    assert not found["orderable"]
    problems = {line["book_id"]: line.get("problem", {}) for line in found["items"]}
    assert {book_id: problem.get("reason") for book_id, problem in problems.items()} == {
        "b1": "sold_out",
        "gone": "deleted",
        "nobody": "unknown",
        "b2": "price_changed",
    }
    assert (problems["b1"]["available"], problems["b2"]["seen_price_cents"]) == (3, 700)
    assert [line.get("price_cents") for line in found["items"]] == [1000, None, None, 705]


def test_lines_of_the_same_book_are_summed(two_sellers: Market):
    found = quote(("b1", 2), ("b1", 2))
    assert [(line["quantity"], line["problem"]["reason"]) for line in found["items"]] == [(4, "sold_out")]


@pytest.mark.parametrize("body", [{"method": "standard", "address": ADDRESS}, {"method": "express"}, None])
def test_the_body_of_an_order_is_a_good_inquiry_and_so_is_one_without_an_address(body: dict[str, Any] | None):
    items = [{"book_id": "b1", "quantity": 1}]
    assert Inquiry.model_validate({"items": items, "delivery": body}).items[0].book_id == "b1"
