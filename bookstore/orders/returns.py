"""Take copies of an order back: some return to the stock, and their money to the buyer."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bookstore.database import Connection
from bookstore.orders import records
from bookstore.orders.announcements import announce, announce_parts
from bookstore.orders.balance import Entry
from bookstore.orders.inventory import give_back
from bookstore.orders.ledger import move_money
from bookstore.orders.people import Actor
from bookstore.orders.records import Order, Return, Step
from bookstore.orders.states import following, move_order, move_parts, refusal

_EVENTS = {"refund": "order.refunded", "cancel": "order.cancelled", "expire": "order.expired"}


def whole_parts(order: Order, sellers: Collection[str], *, restock: bool | None = None) -> list[Return]:
    """All copies of some sellers that the buyer keeps. Unless `restock` says so, what was shipped is not put back."""
    unshipped = {part.seller_id for part in order.in_status("open")}
    return [
        Return(item.book_id, item.kept, item.seller_id in unshipped if restock is None else restock)
        for item in order.kept_items(sellers)
    ]


def reckon(before: Order, after: Order) -> list[Entry]:
    """The money of what was taken back. The price of the delivery goes back with the last copy that the buyer keeps.

    Cash is collected at shipping, so what was not shipped is only waived.
    """
    cash = before.payment is not None and before.payment.method == "cash_on_delivery"
    less = {
        part.seller_id: before.kept_price(part.seller_id) - after.kept_price(part.seller_id)
        for part in before.shipments
    }
    shipped = {part.seller_id for part in before.shipments if part.shipped_at}
    entries = [
        Entry("waived" if cash and seller not in shipped else "refunded", cents, seller)
        for seller, cents in less.items()
        if cents
    ]
    if not after.keeps():
        entries.append(Entry("waived" if cash and not shipped else "refunded", before.delivery_price))
    return entries


def take_back(
    db: Connection,
    order: Order,
    returns: Sequence[Return],
    action: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    attempt_id: str | None = None,
) -> Order:
    """Carry out `refund`, `cancel` or `expire` for copies of a locked order; return it as it is afterwards.

    A part of which nothing is kept is cancelled or refunded as a whole; one refunded copy by copy stays as it is.
    """
    after = order.without(returns)
    touched = sorted(_sellers(order, returns))
    closed = [seller for seller in touched if not after.keeps(seller)]
    if not records.take_items_back(db, order.id, returns):
        raise refusal(order, action)
    if closed:
        move_parts(db, order, closed, action, at=at)
    partly = (Step("partially_refunded", at, seller) for seller in touched if seller not in closed)
    records.add_history(db, order.id, *partly)
    if order.payment and order.payment.status != "declined":
        why = reason or _EVENTS[action].partition(".")[2]
        move_money(db, after, order.payment, reckon(order, after), by=by, reason=why, at=at, attempt_id=attempt_id)
    told = len(touched) if action == "refund" else 1
    move_order(db, order, action, following(order, action, closed), at=at, events=told)
    restocked = {back.book_id: back.quantity for back in returns if back.restock}
    give_back(db, restocked, order_id=order.id, reason=reason or _EVENTS[action], by=by)
    after = records.locked_known(db, order.id)
    if action == "refund":
        announce_parts(db, "order.refunded", after, touched, by=by)
    else:
        announce(db, _EVENTS[action], after, by=by)
    return after


def _sellers(order: Order, returns: Sequence[Return]) -> set[str]:
    books = {back.book_id for back in returns}
    return {item.seller_id for item in order.items if item.book_id in books}
