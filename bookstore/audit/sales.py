"""What the catalog knows of sales against the orders that they are of: every line that was paid for, and what is kept.

Events bring them, so a line that differs may be on its way.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bookstore.audit.copies import ids_of
from bookstore.catalog.sales import add_up, record_sale
from bookstore.database import Row, connection, fetch_all, transaction
from bookstore.orders import records
from bookstore.orders.announcements import order_event
from bookstore.orders.people import Actor

_PAUSE = 0.5
_PAID = (
    "SELECT id FROM orders WHERE id > %s AND id IN (SELECT order_id FROM payments WHERE status <> 'declined')"
    " ORDER BY id LIMIT %s"
)
Lines = Mapping[tuple[str, str], int]


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
    for order in records.load_many(connection("orders"), order_ids):
        paid_at = next(at for status, at in order.history if status == "paid")
        teller = Actor("audit", "", "")
        record_sale(replace(order_event("order.paid", order, order.version, teller), time=paid_at))
        for seller in sorted({item.seller_id for item in order.items if item.taken_back}):
            record_sale(order_event("order.refunded", order, order.version, teller, seller))
    transaction("catalog", add_up)


def _differing(order_ids: Sequence[str]) -> list[str]:
    ordered = _lines(
        fetch_all(
            connection("orders"),
            "SELECT order_id, book_id, quantity - taken_back AS kept FROM order_items WHERE order_id IN %s",
            [order_ids],
        )
    )
    sold = _lines(
        fetch_all(
            connection("catalog"),
            "SELECT order_id, book_id, kept FROM sales WHERE order_id IN %s AND paid_at IS NOT NULL",
            [order_ids],
        )
    )
    return sorted({order_id for (order_id, _), _ in ordered.items() ^ sold.items()})


def _lines(rows: Sequence[Row]) -> Lines:
    return {(row["order_id"], row["book_id"]): int(row["kept"]) for row in rows}
