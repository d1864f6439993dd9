"""What the orders' database keeps of somebody, for them to take along: orders with their money, and stock."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from bookstore.clock import rfc3339
from bookstore.database import Connection, connection, fetch_all
from bookstore.fields import PageQuery
from bookstore.orders import records
from bookstore.orders.models import AttemptOut, EntryOut, OrderMovementOut, StockedOut
from bookstore.orders.people import Actor, part_seen_by
from bookstore.orders.records import Order
from bookstore.orders.views import view
from bookstore.pages import cut, listed

# What happened to an order, and of whose part it is; without a seller it is the buyer's alone.
_HAPPENED: Mapping[str, tuple[type[BaseModel], str]] = {
    "payments": (EntryOut, "SELECT * FROM payment_entries WHERE order_id IN %s ORDER BY id"),
    "attempts": (AttemptOut, "SELECT *, created_at AS at FROM payment_attempts WHERE order_id IN %s ORDER BY id"),
    "movements": (
        OrderMovementOut,
        "SELECT moved.*, seller_id FROM inventory_movements moved JOIN order_items USING (order_id, book_id)"
        " WHERE order_id IN %s ORDER BY id",
    ),
}


def orders_data(query: PageQuery, *, reader: Actor) -> dict[str, Any]:
    """A page of every order that the reader has a part in, the newest first, and the next one's cursor, as JSON.

    With each comes what happened to its money and to the stock, or to the reader's part of them.
    """
    db, before, most = connection("orders"), query.cursor or "~", query.limit + 1
    rows = fetch_all(
        db,
        "(SELECT id FROM orders WHERE buyer_id = %s AND id < %s ORDER BY id DESC LIMIT %s)"
        " UNION (SELECT order_id FROM shipments WHERE seller_id = %s AND order_id < %s ORDER BY order_id DESC LIMIT %s)"
        " ORDER BY id DESC LIMIT %s",
        [reader.id, before, most, reader.id, before, most, most],
    )
    page, cursor = cut([row["id"] for row in rows], query.limit, str)
    return {"items": _with_all_that_happened(db, records.load_many(db, page), reader), "next_cursor": cursor}


def stock_data(query: PageQuery, *, seller: Actor) -> dict[str, Any]:
    """A page of every book that the seller ever listed, taken off or not, the newest first, as JSON.

    Each names the list of its movements.
    """
    rows = fetch_all(
        connection("orders"),
        "SELECT book_id, title, price_cents, available, stock, stock_supplied FROM inventory"
        " WHERE seller_id = %s AND book_id < %s ORDER BY book_id DESC LIMIT %s",
        [seller.id, query.cursor or "~", query.limit + 1],
    )
    page, cursor = cut(rows, query.limit, lambda row: str(row["book_id"]))
    return listed((StockedOut(**row, movements=f"/api/books/{row['book_id']}/movements") for row in page), cursor)


def _with_all_that_happened(db: Connection, orders: Sequence[Order], reader: Actor) -> list[dict[str, Any]]:
    parts = {order.id: part_seen_by(reader, order)[1] for order in orders}
    items = {order.id: view(order, parts[order.id]) | {name: [] for name in _HAPPENED} for order in orders}
    for name, (model, select) in _HAPPENED.items() if items else ():
        for row in fetch_all(db, select, [list(items)]):
            if parts[row["order_id"]] in (None, row["seller_id"]):
                shown = model(**{**row, "id": str(row["id"]), "at": rfc3339(row["at"])})
                items[row["order_id"]][name].append(shown.model_dump(exclude_none=True))
    return list(items.values())
