"""Take an order back, or sellers' parts of it: copies return to the stock, and its money to the buyer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bookstore.database import Connection
from bookstore.orders import records
from bookstore.orders.announcements import announce, announce_parts
from bookstore.orders.inventory import give_back
from bookstore.orders.people import Actor
from bookstore.orders.records import Order, Shipment
from bookstore.orders.states import SHIPMENT, after_all_parts, keep_order, move_order, move_shipments

_EVENTS = {"refund": "order.refunded", "cancel": "order.cancelled", "expire": "order.expired"}


@dataclass(frozen=True)
class Reckoning:
    """What taking some parts back means in cents: no longer due, and given back."""

    waived: int
    refunded: int


def reckon(order: Order, sellers: Sequence[str]) -> Reckoning:
    """The money of some sellers' parts. The price of delivery goes back with the last part that the buyer keeps.

    Cash is collected at shipping, so what was not shipped is only waived.
    """
    parts = [part for part in order.shipments if part.seller_id in sellers]
    delivery = 0 if _kept(order, sellers) else order.delivery_cents
    if order.payment is None or order.payment.method != "cash_on_delivery":
        return Reckoning(0, order.worth(sellers) + delivery)
    came = order.worth(part.seller_id for part in parts if part.shipped_at)
    delivered = any(part.shipped_at for part in order.shipments)
    return Reckoning(
        waived=order.worth(sellers) - came + (0 if delivered else delivery),
        refunded=came + (delivery if delivered else 0),
    )


def take_back(db: Connection, order: Order, sellers: Sequence[str], action: str, *, by: Actor, at: datetime) -> Order:
    """Carry out `refund`, `cancel` or `expire` for some parts of a locked order; return it as it is afterwards.

    Copies that were shipped are with the buyer, so they don't return to the stock.
    """
    unshipped = {part.seller_id for part in order.in_status("open") if part.seller_id in sellers}
    copies = {item.book_id: item.quantity for item in order.items if item.seller_id in unshipped}
    part_action = "refund" if action == "refund" else "cancel"
    move_shipments(db, order, sellers, part_action, at=at)
    _settle_payment(db, order, sellers)
    _move_on(db, order, sellers, action, at)
    give_back(db, copies, order_id=order.id, reason=_EVENTS[action], by=by)
    after = records.locked_known(db, order.id)
    if action == "refund":
        announce_parts(db, "order.refunded", after, sellers, by=by)
    else:
        announce(db, _EVENTS[action], after, by=by)
    return after


def _kept(order: Order, sellers: Sequence[str]) -> bool:
    return any(part.seller_id not in sellers for part in order.in_status("open", "shipped"))


def _settle_payment(db: Connection, order: Order, sellers: Sequence[str]) -> None:
    payment = order.payment
    if payment is None or payment.status == "declined":
        return
    back = reckon(order, sellers)
    balance = payment.balance.give_back(waived=back.waived, refunded=back.refunded)
    status = balance.status(kept=_kept(order, sellers))
    records.save_payment(db, order.id, replace(payment, balance=balance, status=status))


def _move_on(db: Connection, order: Order, sellers: Sequence[str], action: str, at: datetime) -> None:
    if action != "refund":
        move_order(db, order, action, at=at, events=1)
        return
    following = after_all_parts([_refunded(part, sellers) for part in order.shipments])
    if order.status == "paid" and following:
        move_order(db, order, following, at=at, events=len(sellers))
    else:
        keep_order(db, order, events=len(sellers))


def _refunded(part: Shipment, sellers: Sequence[str]) -> Shipment:
    return replace(part, status=SHIPMENT["refund"][1]) if part.seller_id in sellers else part
