"""People who have left the bookstore: nobody waits for what they will not ship, and then their orders name nobody.

What they have bought and paid still comes, so name and address stay until it is shipped. If money came, the order is
then a record that the law may ask for: it names its buyer, to admins alone, until that time is over. Orders, amounts
and the country that a paid one went to are kept.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bookstore.apart import each_apart
from bookstore.clock import now
from bookstore.database import connection, execute, fetch_all
from bookstore.errors import BookstoreError
from bookstore.events.envelope import Event
from bookstore.ids import new_id
from bookstore.orders.idempotency import Request
from bookstore.orders.people import Actor
from bookstore.orders.processor import PaymentProcessor
from bookstore.orders.refunds import cancel_order, refund_order
from bookstore.orders.settings import settings
from bookstore.turns import forget_turns

# Their access tokens, and events that are late, may still add something meanwhile.
WATCHED_FOR = timedelta(days=1)
_BATCH = 100
_ORDERS_AT_ONCE = 20
_RECORDS_AT_ONCE = 1000
_log = logging.getLogger(__name__)

_UNPAID = "SELECT id FROM orders WHERE buyer_id = %s AND status = 'pending' LIMIT %s"
_OPEN = (
    "SELECT o.id FROM shipments s JOIN orders o ON o.id = s.order_id"
    " WHERE s.seller_id = %s AND s.status = 'open' AND o.status IN ('pending', 'paid') LIMIT %s"
)
_UNSHIPPED = _OPEN.replace("'pending', ", "")
_NAMING = "SELECT id FROM orders WHERE buyer_id = %s AND buyer_name <> '' AND record_since IS NULL LIMIT %s"
_SETTLED = (
    "buyer_id = %s AND buyer_name <> '' AND record_since IS NULL AND status <> 'pending' AND open_attempt IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM shipments s WHERE s.order_id = orders.id AND s.status = 'open')"
)
_MONEY_CAME = "(SELECT MAX(at) FROM payment_entries e WHERE e.order_id = orders.id AND e.kind = 'captured')"
_KEEP_RECORD = f"UPDATE orders SET record_since = {_MONEY_CAME} WHERE {_SETTLED}"  # noqa: S608
_ERASE_UNPAID = f"UPDATE orders SET buyer_name = '', address = NULL WHERE {_SETTLED} AND {_MONEY_CAME} IS NULL"  # noqa: S608
_ERASE_RECORDS = (
    "UPDATE orders SET buyer_name = '', record_since = NULL,"
    " address = IF(address IS NULL, NULL, JSON_OBJECT('country', JSON_VALUE(address, '$.country')))"
    " WHERE record_since <= %s - INTERVAL %s DAY ORDER BY record_since LIMIT %s"
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


def erase_records(*, at: datetime | None = None) -> int:
    """Erase name and address from the orders of people who left that need no longer be kept; return how many."""
    return execute(connection("orders"), _ERASE_RECORDS, [at or now(), settings().records_kept_days, _RECORDS_AT_ONCE])


def _settle(user_id: str, trace: str, processor: PaymentProcessor, at: datetime) -> bool:
    """Cancel what they did not pay, refund what they did not ship, name them in records alone; whether that was all."""
    them, db = Actor(user_id, "", "user", trace), connection("orders")

    def cancel(order_id: str) -> object:
        return cancel_order(order_id, buyer=them, processor=processor, at=at)

    def refund(order_id: str) -> object:
        # Under a key that nobody repeats there is no other request to be told from.
        request = Request(user_id, "refund-order", new_id(), fingerprint="")
        return refund_order(order_id, seller=them, request=request, processor=processor, at=at)

    _each(_UNPAID, user_id, cancel)
    _each(_UNSHIPPED, user_id, refund)
    for statement in (_ERASE_UNPAID, _KEEP_RECORD):
        execute(db, statement, [user_id])
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
