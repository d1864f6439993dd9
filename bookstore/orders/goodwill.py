"""Give a buyer money back who keeps the copies: for a late parcel, a bent corner, or the price of the delivery."""

from datetime import datetime

from bookstore.database import Connection, execute
from bookstore.errors import Conflict
from bookstore.orders import records
from bookstore.orders.announcements import announce_parts
from bookstore.orders.balance import Entry
from bookstore.orders.ledger import move_money
from bookstore.orders.people import Actor
from bookstore.orders.records import Order, Step
from bookstore.orders.states import MOVES, following, move_order


def require_left(order: Order, seller_id: str, cents: int) -> None:
    """Raise Conflict when less than an amount is left of what was paid for a seller's part."""
    left = order.paid_price(seller_id)
    if cents > left:
        raise Conflict(f"Of what was paid for this part {left} cents are left to give back.", left_cents=left)


def give(
    db: Connection,
    order: Order,
    seller_id: str,
    cents: int,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    attempt_id: str | None = None,
) -> Order:
    """Give back an amount of what was paid for a seller's part of a locked order; return the order as it is then.

    Raises Conflict when less is left.
    """
    given = execute(
        db,
        "UPDATE shipments SET goodwill_cents = goodwill_cents + %s"
        " WHERE order_id = %s AND seller_id = %s AND status IN %s AND goodwill_cents + %s <= %s",
        [
            *(cents, order.id, seller_id, sorted(MOVES["goodwill"].parts)),
            *(cents, order.part(seller_id).goodwill_cents + order.paid_price(seller_id)),
        ],
    )
    if not given or not order.payment:
        raise Conflict("So much is no longer left of what was paid for this part.")
    back = [Entry("refunded", cents, seller_id)]
    move_money(db, order, order.payment, back, by=by, reason=reason or "goodwill", at=at, attempt_id=attempt_id)
    records.add_history(db, order.id, Step("partially_refunded", at, seller_id))
    move_order(db, order, "goodwill", following(order, "goodwill"), at=at, events=1)
    after = records.locked_known(db, order.id)
    announce_parts(db, "order.refunded", after, [seller_id], by=by)
    return after
