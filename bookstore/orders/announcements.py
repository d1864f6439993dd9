"""The events that orders and stock tell of, each written in the transaction of its change."""

from collections.abc import Sequence

from bookstore.database import Connection
from bookstore.events.envelope import Event
from bookstore.events.outbox import append
from bookstore.orders.people import Actor
from bookstore.orders.records import Order


def announce(db: Connection, kind: str, order: Order, *, by: Actor) -> None:
    """Tell that an order was placed, paid, cancelled or has expired; `order` is as it is afterwards."""
    append(db, order_event(kind, order, order.version, by))


def announce_parts(db: Connection, kind: str, order: Order, sellers: Sequence[str], *, by: Actor) -> None:
    """Tell that some sellers' parts were shipped or refunded, one event each; the last has the order's version."""
    for version, seller_id in enumerate(sellers, start=order.version - len(sellers) + 1):
        append(db, order_event(kind, order, version, by, seller_id))


def stock_event(book_id: str, available: int, version: int, *, trace: str) -> Event:
    """What is told of the copies of a book that are left; `version` counts the changes of its stock."""
    data = {"book_id": book_id, "available": available, "version": version}
    return Event(type="stock.changed", subject=book_id, version=version, data=data, trace=trace)


def order_event(kind: str, order: Order, version: int, by: Actor, seller_id: str | None = None) -> Event:
    """What is told of an order, or of one seller's part of it."""
    data = {
        "order_id": order.id,
        "buyer_id": order.buyer_id,
        "status": order.status,
        "items": [
            {
                "book_id": item.book_id,
                "seller_id": item.seller_id,
                "quantity": item.quantity,
                "price_cents": item.price_cents,
                "title": item.title,
                "taken_back": item.taken_back,
            }
            for item in order.items
        ],
        "total_cents": order.total_cents,
        "currency": order.currency,
        "version": version,
        **({"shipment": {"seller_id": seller_id}} if seller_id else {}),
        **({"payment": {"status": order.payment.status}} if order.payment else {}),
    }
    return Event(type=kind, subject=order.id, version=version, data=data, trace=by.trace)
