"""Attempts to move money: committed before the processor is called, so that a crash loses none."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bookstore.database import Connection, Row, execute, fetch_all, fetch_one
from bookstore.ids import new_id
from bookstore.orders.records import Order, Return
from bookstore.orders.states import refusal

LEASE = timedelta(seconds=60)
STATES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "open": frozenset({"succeeded", "declined", "voided"}),
        **dict.fromkeys(("succeeded", "declined", "voided"), frozenset[str]()),
    }
)
"""What can become of an attempt in each of its states."""


@dataclass(frozen=True)
class Attempt:
    """A payment (`pay`), a refund of one seller's part or of all (`refund`), or a buyer's cancel (`cancel`).

    `goodwill` gives money back for a seller's part without its copies.
    The processor knows it by its id.
    """

    id: str
    order_id: str
    kind: str
    seller_id: str | None
    actor: str
    method: str
    brand: str | None
    last4: str | None
    amount_cents: int
    status: str = "open"
    returned: Sequence[Return] = ()
    reason: str = ""

    @classmethod
    def new(
        cls,
        order: Order,
        kind: str,
        amount_cents: int,
        *,
        by: str,
        method: str,
        seller_id: str | None = None,
        brand: str | None = None,
        last4: str | None = None,
        returned: Sequence[Return] = (),
        reason: str = "",
    ) -> "Attempt":
        """An attempt that is yet to begin; `by` is the id of the user, `returned` what a refund takes back."""
        return cls(
            *(new_id(), order.id, kind, seller_id, by, method, brand, last4, amount_cents),
            returned=returned,
            reason=reason,
        )


def begin(db: Connection, order: Order, attempt: Attempt, *, at: datetime) -> Attempt:
    """Open an attempt; until it ends, or its lease of 60 s has run out, nothing else may change the order.

    Raises Conflict when the order is no longer as it was read.
    """
    opened = execute(
        db,
        "UPDATE orders SET open_attempt = %s WHERE id = %s AND status = %s AND open_attempt IS NULL",
        [attempt.id, order.id, order.status],
    )
    if not opened:
        raise refusal(order, attempt.kind)
    execute(
        db,
        "INSERT INTO payment_attempts (id, order_id, kind, seller_id, actor, method, brand, last4, amount_cents,"
        " status, returned, reason, lease_until, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(attempt.id, attempt.order_id, attempt.kind, attempt.seller_id, attempt.actor, attempt.method),
            *(attempt.brand, attempt.last4, attempt.amount_cents, attempt.status),
            *(json.dumps([asdict(back) for back in attempt.returned]), attempt.reason, at + LEASE, at),
        ],
    )
    return attempt


def find(db: Connection, attempt_id: str) -> Attempt:
    """Read an attempt that exists."""
    row = fetch_one(db, "SELECT * FROM payment_attempts WHERE id = %s", [attempt_id])
    assert row is not None, "attempts are never deleted"
    return _attempt(row)


def overdue(db: Connection, at: datetime, *, limit: int) -> list[Attempt]:
    """The attempts whose lease has run out, the oldest first."""
    rows = fetch_all(
        db,
        "SELECT * FROM payment_attempts WHERE status = 'open' AND lease_until < %s ORDER BY lease_until LIMIT %s",
        [at, limit],
    )
    return [_attempt(row) for row in rows]


def end(db: Connection, attempt: Attempt, status: str) -> bool:
    """End an attempt; False when somebody else already has."""
    before = [state for state, ends in STATES.items() if status in ends]
    ended = execute(
        db, "UPDATE payment_attempts SET status = %s WHERE id = %s AND status IN %s", [status, attempt.id, before]
    )
    return ended == 1


def _attempt(row: Row) -> Attempt:
    returned = [Return(**back) for back in json.loads(row["returned"] or "[]")]
    return Attempt(**{name: row[name] for name in Attempt.__dataclass_fields__} | {"returned": returned})
