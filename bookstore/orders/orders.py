"""Place, read and list orders."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from bookstore.clock import now
from bookstore.database import Connection, connection, fetch_all
from bookstore.errors import Forbidden
from bookstore.ids import new_id
from bookstore.orders import records
from bookstore.orders.addresses import address_of
from bookstore.orders.announcements import announce
from bookstore.orders.idempotency import Answer, Request, answer_once
from bookstore.orders.inventory import Book, StockMoved, offered, reserve, wanted
from bookstore.orders.models import Basket, OrdersQuery
from bookstore.orders.people import Actor, part_seen_by
from bookstore.orders.records import Item, Order, Shipment, Step
from bookstore.orders.settings import settings
from bookstore.orders.views import view
from bookstore.pages import cut

_TRIES = 5


def place_order(basket: Basket, *, buyer: Actor, request: Request, at: datetime | None = None) -> dict[str, Any]:
    """Reserve the basket's books and record the order, in one transaction; return the order as JSON.

    Raises Conflict naming every book that cannot be reserved, or that costs more than the buyer agreed to; nothing is
    kept then but this answer.
    """
    for _ in range(_TRIES):
        with suppress(StockMoved):
            return answer_once(request, lambda db: Answer(201, view(_place(db, basket, buyer, at or now()))))
    raise StockMoved


def get_order(order_id: str, *, reader: Actor) -> dict[str, Any]:
    """An order as JSON, or the reader's part of it. Raises NotFound."""
    return view(*part_seen_by(reader, records.load(connection("orders"), order_id)))


def list_orders(query: OrdersQuery, *, reader: Actor) -> dict[str, Any]:
    """A page of the reader's orders, the newest first, with the cursor of the next one.

    Raises Forbidden when somebody else than an admin asks for all orders.
    """
    if query.role == "admin" and reader.role != "admin":
        raise Forbidden("Only an admin may list all orders.")
    db = connection("orders")
    ids = [row["id"] for row in fetch_all(db, _page(query), _bounds(query, reader))]
    page, cursor = cut(ids, query.limit, str)
    part = reader.id if query.role == "seller" else None
    return {"items": [view(order, part) for order in records.load_many(db, page)], "next_cursor": cursor}


# An id begins with the time it was made, so it is the order of the list and the cursor into it.
_LISTS = {
    "buyer": "SELECT id FROM orders WHERE buyer_id = %(reader)s",
    "seller": "SELECT order_id AS id FROM shipments WHERE seller_id = %(reader)s",
    "admin": "SELECT id FROM orders WHERE TRUE",
}
_IN_STATUS = " AND status = %(status)s"
# Few open parts are of an unpaid order, and not for long.
_TO_SHIP = " AND status = 'open' AND (SELECT status FROM orders WHERE orders.id = order_id) = 'paid'"


def _page(query: OrdersQuery) -> str:
    to_ship = (query.role, query.status) == ("seller", "paid")
    condition = _TO_SHIP if to_ship else _IN_STATUS if query.status else ""
    key = "order_id" if query.role == "seller" else "id"
    return f"{_LISTS[query.role]}{condition} AND {key} < %(before)s ORDER BY {key} DESC LIMIT %(limit)s"


def _bounds(query: OrdersQuery, reader: Actor) -> dict[str, Any]:
    return {"reader": reader.id, "status": query.status, "before": query.cursor or "~", "limit": query.limit + 1}


def _place(db: Connection, basket: Basket, buyer: Actor, at: datetime) -> Order:
    order_id, wants = new_id(), wanted(basket.items)
    books = offered(db, wants)
    items = [_item(books[book_id], want.quantity) for book_id, want in wants.items()]
    order = Order(
        id=order_id,
        buyer_id=buyer.id,
        buyer_name=buyer.name,
        status="pending",
        delivery_method=basket.delivery.method,
        address=address_of(db, basket.delivery, buyer.id),
        delivery_cents=settings().delivery_cents[basket.delivery.method],
        currency=settings().currency,
        tax=settings().tax,
        created_at=at,
        expires_at=at + settings().order_lifetime,
        items=items,
        shipments=[Shipment(seller, "open", at) for seller in sorted({item.seller_id for item in items})],
        history=[Step("pending", at)],
    )
    records.insert(db, order)
    announce(db, "order.placed", order, by=buyer)
    # Comes last: others who want these books wait from here to the commit.
    reserve(db, books, wants, order_id=order_id, by=buyer)
    return order


def _item(book: Book, quantity: int) -> Item:
    return Item(book.book_id, book.seller_id, book.title, quantity, book.price_cents)
