"""The ledger of payments: every movement of an order's money, with who made it and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bookstore.database import Connection, connection, execute_many, fetch_all
from bookstore.fields import NumberedQuery
from bookstore.orders import records
from bookstore.orders.balance import Entry
from bookstore.orders.models import EntryOut
from bookstore.orders.pages import paged
from bookstore.orders.people import Actor, part_seen_by
from bookstore.orders.records import Order, Payment


def move_money(
    db: Connection,
    order: Order,
    payment: Payment,
    entries: Sequence[Entry],
    *,
    by: Actor,
    reason: str,
    at: datetime,
    attempt_id: str | None = None,
) -> None:
    """Record movements of an order's money in its payment and in the ledger; `order` is as it is afterwards.

    `attempt_id` is the refund by which the processor knows them, if they are no part of the payment itself.
    """
    execute_many(
        db,
        "INSERT INTO payment_entries (order_id, kind, cents, seller_id, attempt_id, actor, reason, at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (order.id, entry.kind, entry.cents, entry.seller_id, attempt_id or payment.attempt_id, by.id, reason, at)
            for entry in entries
            if entry.cents
        ],
    )
    balance = payment.balance.after(entries)
    records.save_payment(db, order.id, replace(payment, balance=balance, status=balance.status(kept=order.keeps())))


def owed(order: Order) -> list[Entry]:
    """What the buyer of an unpaid order owes: to each seller, and for the delivery."""
    parts = [Entry("due", order.kept_price(part.seller_id), part.seller_id) for part in order.shipments]
    return [*parts, Entry("due", order.delivery_price)]


def list_payments(order_id: str, query: NumberedQuery, *, reader: Actor) -> dict[str, Any]:
    """The ledger of an order, or of the reader's part of it, the oldest entry first. Raises NotFound."""
    db = connection("orders")
    order, part = part_seen_by(reader, records.load(db, order_id))
    rows = fetch_all(
        db,
        "SELECT id, kind, cents, seller_id, attempt_id, actor, reason, at FROM payment_entries"
        " WHERE order_id = %s AND (%s IS NULL OR seller_id = %s) AND id > %s ORDER BY id LIMIT %s",
        [order.id, part, part, int(query.cursor or 0), query.limit + 1],
    )
    return paged(EntryOut, rows, query)
