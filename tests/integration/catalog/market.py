"""What the catalog hears of orders and stock, and what it tells those who wait."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bookstore.catalog.sales import record_sale
from bookstore.catalog.stock import sync_catalog
from bookstore.database import Connection, Row, fetch_one
from bookstore.events.envelope import Event
from tests.integration import outbox

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEXT_DAY = NOON + timedelta(days=1)
_numbers = count(1)


def line(book: dict[str, Any], quantity: int = 1, **more: Any) -> dict[str, Any]:
    """A line of an order, as its events have it."""
    copied = {"book_id": book["id"], "seller_id": book["seller"]["id"], "title": book["title"]}
    return {**copied, "price_cents": book["price_cents"], "quantity": quantity, **more}


def order_event(
    kind: str,
    order_id: str,
    version: int,
    *lines: dict[str, Any],
    buyer: str = "bea",
    seller: str | None = None,
    payment: str | None = None,
    at: datetime = NOON,
) -> Event:
    """What the orders domain tells of an order: that it was paid, cancelled, or shipped or refunded by `seller`."""
    data = {
        "order_id": order_id,
        "buyer_id": buyer,
        "status": kind,
        "items": list(lines),
        "total_cents": sum(each["price_cents"] * each["quantity"] for each in lines),
        "currency": "USD",
        "version": version,
        **({"shipment": {"seller_id": seller}} if seller else {}),
        **({"payment": {"status": payment}} if payment else {}),
    }
    return Event(type=f"order.{kind}", subject=order_id, version=version, data=data, time=at)


def buys(
    book: dict[str, Any], quantity: int = 1, *, buyer: str = "bea", payment: str = "captured", at: datetime = NOON
) -> str:
    """Somebody pays an order of a book, or promises to (`due`); returns the order's id."""
    order_id = f"order-{next(_numbers)}"
    record_sale(order_event("paid", order_id, 2, line(book, quantity), buyer=buyer, payment=payment, at=at))
    return order_id


def ships(
    order_id: str, book: dict[str, Any], quantity: int = 1, *, buyer: str = "bea", at: datetime = NEXT_DAY
) -> None:
    """The seller ships the only line of an order, and collects what is due."""
    seller, lines = book["seller"]["id"], line(book, quantity)
    record_sale(order_event("shipped", order_id, 3, lines, buyer=buyer, seller=seller, payment="captured", at=at))


def refunds(order_id: str, book: dict[str, Any], *, buyer: str = "bea", at: datetime = NEXT_DAY) -> None:
    """The seller pays the only line of an order back."""
    seller = book["seller"]["id"]
    record_sale(order_event("refunded", order_id, 4, line(book), buyer=buyer, seller=seller, at=at))


def restocked(book: dict[str, Any], available: int, version: int, *, at: datetime = NOON) -> None:
    """So many copies of a book are left to order."""
    data = {"book_id": book["id"], "available": available, "version": version}
    sync_catalog(Event(type="stock.changed", subject=book["id"], version=version, data=data), at=at)


def work(db: Connection, book: dict[str, Any]) -> Row:
    """What readers made of a book's work."""
    found = fetch_one(db, "SELECT sold, ratings, stars FROM works WHERE id = %s", [book["work_id"]])
    assert found is not None
    return found


def told(db: Connection) -> list[tuple[str, str]]:
    """Who was told of a copy of which listing, in this order."""
    events = outbox.told(db, "wish.available")
    return [(event.data["user_id"], event.data["book_id"]) for event in events]
