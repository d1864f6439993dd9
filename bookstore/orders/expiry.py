"""What happens to orders because time has passed, in small batches."""

import logging
from collections.abc import Callable
from datetime import datetime

from bookstore.clock import now
from bookstore.database import Connection, connection, fetch_all, transaction
from bookstore.errors import BookstoreError
from bookstore.orders import attempts, idempotency, payments, records, refunds
from bookstore.orders.attempts import Attempt
from bookstore.orders.departures import settle_departures
from bookstore.orders.people import Actor
from bookstore.orders.processor import PaymentProcessor
from bookstore.orders.returns import take_back

_BATCH = 100
_BATCHES = 10
_log = logging.getLogger(__name__)


def expire_orders(*, processor: PaymentProcessor, by: Actor, at: datetime | None = None) -> dict[str, int]:
    """Settle the attempts whose lease has run out, expire the orders that nobody paid, forget old requests.

    Attempts come first: what the processor has taken is paid, however late. Returns how many of each were done.
    """
    moment = at or now()
    return {
        "settled": sum(_settle(attempt, processor, by, moment) for attempt in _overdue(moment)),
        "expired": _in_batches(lambda: _due(moment), lambda order_id: _expire(order_id, by, moment)),
        "departed": settle_departures(processor=processor, at=moment),
        "forgotten": idempotency.forget_old(connection("orders"), moment, limit=1000),
    }


def _overdue(at: datetime) -> list[Attempt]:
    return attempts.overdue(connection("orders"), at, limit=_BATCH)


def _settle(attempt: Attempt, processor: PaymentProcessor, by: Actor, at: datetime) -> bool:
    finish = payments.finish if attempt.kind == "pay" else refunds.finish
    try:
        outcome = processor.settle(attempt.id)
        transaction("orders", lambda db: finish(db, attempt, outcome, by=by, at=at))
    except BookstoreError:
        # The others need not wait for this one; its turn comes again.
        _log.exception("attempt %s of order %s is not settled yet", attempt.id, attempt.order_id)
        return False
    return True


def _due(at: datetime) -> list[str]:
    rows = fetch_all(
        connection("orders"),
        "SELECT id FROM orders WHERE status = 'pending' AND expires_at <= %s AND open_attempt IS NULL"
        " ORDER BY expires_at LIMIT %s",
        [at, _BATCH],
    )
    return [row["id"] for row in rows]


def _in_batches(more: Callable[[], list[str]], do: Callable[[str], bool]) -> int:
    done = 0
    for _ in range(_BATCHES):
        batch = more()
        done += sum(do(each) for each in batch)
        if len(batch) < _BATCH:
            break
    return done


def _expire(order_id: str, by: Actor, at: datetime) -> bool:
    def work(db: Connection) -> bool:
        order = records.locked_known(db, order_id)
        # Somebody may have paid or cancelled it since it was found.
        if order.status != "pending" or order.open_attempt:
            return False
        take_back(db, order, sorted(order.sellers), "expire", by=by, at=at)
        return True

    return transaction("orders", work)
