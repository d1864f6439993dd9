"""What happens to orders because time has passed."""

from datetime import datetime

from bookstore.apart import each_apart
from bookstore.clock import now
from bookstore.database import Connection, connection, fetch_all, transaction
from bookstore.orders import attempts, idempotency, payments, records, refunds
from bookstore.orders.attempts import Attempt
from bookstore.orders.departures import erase_records, settle_departures
from bookstore.orders.people import Actor
from bookstore.orders.processor import PaymentProcessor
from bookstore.orders.returns import take_back, whole_parts

_AT_ONCE = 1000


def expire_orders(*, processor: PaymentProcessor, by: Actor, at: datetime | None = None) -> dict[str, int]:
    """Settle the attempts whose lease has run out, expire the orders that nobody paid, forget old requests and records.

    Attempts come first: what the processor has taken is paid, however late. What cannot be done does not hold up the
    rest; its turn comes again. Returns how many of each were done, and how many failed.
    """
    moment, db = at or now(), connection("orders")
    overdue = attempts.overdue(db, moment, limit=_AT_ONCE)
    settled, unsettled = each_apart(overdue, lambda attempt: _settle(attempt, processor, by, moment))
    expired, unexpired = each_apart(_due(db, moment), lambda order_id: _expire(order_id, by, moment))
    departed, left = settle_departures(processor=processor, at=moment)
    return {
        "settled": settled,
        "expired": expired,
        "departed": departed,
        "erased": erase_records(at=moment),
        "failed": unsettled + unexpired + left,
        "forgotten": idempotency.forget_old(connection("orders"), moment, limit=_AT_ONCE),
    }


def _settle(attempt: Attempt, processor: PaymentProcessor, by: Actor, at: datetime) -> bool:
    finish = payments.finish if attempt.kind == "pay" else refunds.finish
    outcome = processor.settle(attempt.id)
    transaction("orders", lambda db: finish(db, attempt, outcome, by=by, at=at))
    return True


def _due(db: Connection, at: datetime) -> list[str]:
    rows = fetch_all(
        db,
        "SELECT id FROM orders WHERE status = 'pending' AND expires_at <= %s AND open_attempt IS NULL"
        " ORDER BY expires_at LIMIT %s",
        [at, _AT_ONCE],
    )
    return [row["id"] for row in rows]


def _expire(order_id: str, by: Actor, at: datetime) -> bool:
    def work(db: Connection) -> bool:
        order = records.locked_known(db, order_id)
        # Somebody may have paid or cancelled it since it was found.
        if order.status != "pending" or order.open_attempt:
            return False
        take_back(db, order, whole_parts(order, order.sellers), "expire", by=by, at=at)
        return True

    return transaction("orders", work)
