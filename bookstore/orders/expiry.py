"""What happens to orders because time has passed."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from bookstore.clock import now
from bookstore.database import Connection, ConnectionLost, connection, fetch_all, transaction
from bookstore.orders import attempts, idempotency, payments, records, refunds
from bookstore.orders.attempts import Attempt
from bookstore.orders.departures import erase_records, settle_departures
from bookstore.orders.people import Actor
from bookstore.orders.processor import PaymentProcessor
from bookstore.orders.returns import take_back, whole_parts

_AT_ONCE = 1000
_log = logging.getLogger(__name__)

T = TypeVar("T")


def expire_orders(*, processor: PaymentProcessor, by: Actor, at: datetime | None = None) -> dict[str, int]:
    """Settle the attempts whose lease has run out, expire the orders that nobody paid, forget old requests and records.

    Attempts come first: what the processor has taken is paid, however late. What cannot be done does not hold up the
    rest; its turn comes again. Returns how many of each were done, and how many failed.
    """
    moment, db = at or now(), connection("orders")
    overdue = attempts.overdue(db, moment, limit=_AT_ONCE)
    settled, unsettled = _each(overdue, lambda attempt: _settle(attempt, processor, by, moment))
    expired, unexpired = _each(_due(db, moment), lambda order_id: _expire(order_id, by, moment))
    return {
        "settled": settled,
        "expired": expired,
        "departed": settle_departures(processor=processor, at=moment),
        "erased": erase_records(at=moment),
        "failed": unsettled + unexpired,
        "forgotten": idempotency.forget_old(connection("orders"), moment, limit=_AT_ONCE),
    }


def _each(things: Iterable[T], do: Callable[[T], bool]) -> tuple[int, int]:
    """Do something with each thing; return how many were done, and how many failed."""
    done, failed = 0, 0
    for thing in things:
        try:
            done += do(thing)
        except ConnectionLost:
            raise
        # Whatever else goes wrong is about this one alone: the others need not wait for it.
        except Exception:
            failed += 1
            _log.exception("not done, and tried again next time: %s", thing)
    return done, failed


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
