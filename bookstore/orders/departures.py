"""People who have left the bookstore: nobody waits for what they will not ship, and then their orders name nobody.

What they have bought and paid still comes, so name and address stay until it is shipped. Orders and amounts are kept.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bookstore.apart import each_apart
from bookstore.clock import now
from bookstore.database import connection, execute, fetch_all
from bookstore.errors import BookstoreError
from bookstore.events.envelope import Event
from bookstore.fields import PageQuery
from bookstore.ids import new_id
from bookstore.orders import records
from bookstore.orders.idempotency import Request
from bookstore.orders.people import Actor, part_seen_by
from bookstore.orders.processor import PaymentProcessor
from bookstore.orders.refunds import cancel_order, refund_order
from bookstore.orders.views import view
from bookstore.pages import cut
from bookstore.turns import forget_turns

# Their access tokens, and events that are late, may still add something meanwhile.
WATCHED_FOR = timedelta(days=1)
_BATCH = 100
_ORDERS_AT_ONCE = 20
_log = logging.getLogger(__name__)

_UNPAID = "SELECT id FROM orders WHERE buyer_id = %s AND status = 'pending' LIMIT %s"
_OPEN = (
    "SELECT o.id FROM shipments s JOIN orders o ON o.id = s.order_id"
    " WHERE s.seller_id = %s AND s.status = 'open' AND o.status IN ('pending', 'paid') LIMIT %s"
)
_UNSHIPPED = _OPEN.replace("'pending', ", "")
_NAMING = "SELECT id FROM orders WHERE buyer_id = %s AND buyer_name <> '' LIMIT %s"
_ERASE = (
    "UPDATE orders SET buyer_name = '', address = NULL WHERE buyer_id = %s AND buyer_name <> ''"
    " AND status <> 'pending' AND open_attempt IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM shipments s WHERE s.order_id = orders.id AND s.status = 'open')"
)


def take_leave(event: Event) -> None:
    """Note that a user is gone, for `settle_departures` to see to, as time passes. Repeated, it changes nothing."""
    execute(
        connection("orders"),
        "INSERT INTO departures (user_id, left_at, trace) VALUES (%s, %s, %s)"
        " ON DUPLICATE KEY UPDATE user_id = user_id",
        [event.data["user_id"], event.time, event.trace],
    )


def settle_departures(*, processor: PaymentProcessor, at: datetime | None = None) -> tuple[int, int]:
    """Go on with those who left and are not settled yet; return how many are, and for how many it failed."""
    moment, db = at or now(), connection("orders")
    # Some wait for weeks until what they bought is shipped: were they first each time, others would have no turn.
    rows = fetch_all(db, "SELECT user_id, trace FROM departures ORDER BY RAND() LIMIT %s", [_BATCH])
    traces = {row["user_id"]: row["trace"] for row in rows}

    def settle(user_id: str) -> int:
        if not _settle(user_id, traces[user_id], processor, moment):
            return 0
        return execute(
            db, "DELETE FROM departures WHERE user_id = %s AND left_at < %s", [user_id, moment - WATCHED_FOR]
        )

    return each_apart(traces, settle)


def orders_data(query: PageQuery, *, reader: Actor) -> dict[str, Any]:
    """A page of every order that the reader has a part in, the newest first, and the next one's cursor, as JSON."""
    db, before, most = connection("orders"), query.cursor or "~", query.limit + 1
    rows = fetch_all(
        db,
        "(SELECT id FROM orders WHERE buyer_id = %s AND id < %s ORDER BY id DESC LIMIT %s)"
        " UNION (SELECT order_id FROM shipments WHERE seller_id = %s AND order_id < %s ORDER BY order_id DESC LIMIT %s)"
        " ORDER BY id DESC LIMIT %s",
        [reader.id, before, most, reader.id, before, most, most],
    )
    page, cursor = cut([row["id"] for row in rows], query.limit, str)
    items = [view(*part_seen_by(reader, order)) for order in records.load_many(db, page)]
    return {"items": items, "next_cursor": cursor}


def _settle(user_id: str, trace: str, processor: PaymentProcessor, at: datetime) -> bool:
    """Cancel what they did not pay, refund what they did not ship, erase name and addresses; whether that was all."""
    them, db = Actor(user_id, "", "user", trace), connection("orders")

    def cancel(order_id: str) -> object:
        return cancel_order(order_id, buyer=them, processor=processor, at=at)

    def refund(order_id: str) -> object:
        # Under a key that nobody repeats there is no other request to be told from.
        request = Request(user_id, "refund-order", new_id(), fingerprint="")
        return refund_order(order_id, seller=them, request=request, processor=processor, at=at)

    _each(_UNPAID, user_id, cancel)
    _each(_UNSHIPPED, user_id, refund)
    execute(db, _ERASE, [user_id])
    execute(db, "DELETE FROM addresses WHERE user_id = %s", [user_id])
    forget_turns(db, user_id)
    return not any(fetch_all(db, left, [user_id, 1]) for left in (_UNPAID, _OPEN, _NAMING))


def _each(orders: str, user_id: str, do: Callable[[str], object]) -> None:
    for row in fetch_all(connection("orders"), orders, [user_id, _ORDERS_AT_ONCE]):
        try:
            do(row["id"])
        except BookstoreError as error:
            # A payment may be on its way: its turn comes again.
            _log.info("order %s of somebody who left has to wait: %s", row["id"], error)
