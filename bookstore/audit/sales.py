"""What the catalog knows of sales against the orders that they are of: every line that was paid for or promised.

Compared are who sold it to whom, under which title, how many copies and at what price, those that were not taken back,
and those among them that money came for: sellers' figures, bestsellers and reviews go by all of it.

Events bring them, so a line that differs may be on its way.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bookstore.audit.copies import ids_of
from bookstore.catalog.sales import add_up, forget_captures, record_sale, restore_sale
from bookstore.database import Row, connection, fetch_all, transaction
from bookstore.orders import records
from bookstore.orders.announcements import order_event
from bookstore.orders.people import Actor
from bookstore.orders.records import Order

_PAUSE = 0.5
_PAID = (
    "SELECT id FROM orders WHERE id > %s AND id IN (SELECT order_id FROM payments WHERE status <> 'declined')"
    " ORDER BY id LIMIT %s"
)
# Cash on delivery is collected when a part is shipped; when there is nothing to collect, it is settled at once.
_ORDERED = (
    "SELECT order_id, book_id, seller_id, buyer_id, title, quantity, price_cents, quantity - taken_back AS copies,"
    " IF(method = 'cash_on_delivery' AND total_cents > 0 AND shipped_at IS NULL, 0, quantity - taken_back) AS kept"
    " FROM order_items JOIN shipments USING (order_id, seller_id) JOIN payments USING (order_id)"
    " JOIN orders ON orders.id = order_id WHERE order_id IN %s"
)
# A line whose returns are another seller's is not as it was ordered.
_SOLD = (
    "SELECT order_id, book_id, seller_id, buyer_id, title, quantity, price_cents,"
    " quantity - COALESCE((SELECT SUM(copies) FROM sale_returns back WHERE back.order_id = sales.order_id"
    "  AND back.book_id = sales.book_id AND back.seller_id = sales.seller_id), 0) AS copies, kept"
    " FROM sales WHERE order_id IN %s AND paid_at IS NOT NULL"
)
Lines = Mapping[tuple[str, str], tuple[Any, ...]]


def differences(*, patience: float) -> list[str]:
    """The orders whose sales the catalog has otherwise. Events on their way are waited for, `patience` s at most."""
    begin = time.monotonic()
    left = [order_id for some in ids_of("orders", _PAID) for order_id in _differing(some)]
    while left and time.monotonic() - begin < patience:
        time.sleep(_PAUSE)
        left = _differing(left)
    return left


def repair(order_ids: Sequence[str]) -> None:
    """Tell the catalog of some orders' sales once more, as they are now, and add up anew what it shows of sales."""
    transaction("catalog", lambda db: forget_captures(db, order_ids))
    for order in records.load_many(connection("orders"), order_ids):
        paid_at = next(step.at for step in order.history if step.status == "paid")
        teller = Actor("audit", "", "")
        restore_sale(replace(order_event("order.paid", _as_paid(order), order.version, teller), time=paid_at))
        for part in order.shipments:
            if part.shipped_at:
                told = order_event("order.shipped", order, order.version, teller, part.seller_id)
                record_sale(replace(told, time=part.shipped_at))
        for seller in sorted({item.seller_id for item in order.items if item.taken_back}):
            record_sale(order_event("order.refunded", order, order.version, teller, seller))
    transaction("catalog", add_up)


def _differing(order_ids: Sequence[str]) -> list[str]:
    ordered = _lines(fetch_all(connection("orders"), _ORDERED, [order_ids]))
    sold = _lines(fetch_all(connection("catalog"), _SOLD, [order_ids]))
    return sorted({order_id for (order_id, _), _ in ordered.items() ^ sold.items()})


def _lines(rows: Sequence[Row]) -> Lines:
    """What is said of each line, by its order and book."""
    return {(order_id, book_id): tuple(said) for order_id, book_id, *said in map(dict.values, rows)}


def _as_paid(order: Order) -> Order:
    """The order with the status that its payment had when it was paid."""
    assert order.payment is not None, "it was paid"
    promised = order.payment.method == "cash_on_delivery" and order.total_cents
    return replace(order, payment=replace(order.payment, status="due" if promised else "captured"))
