"""Ship a seller's part of an order."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bookstore.clock import now
from bookstore.database import Connection, transaction
from bookstore.orders import records
from bookstore.orders.announcements import announce_parts
from bookstore.orders.models import Shipping
from bookstore.orders.people import Actor, sold_by, trace_act
from bookstore.orders.records import Order
from bookstore.orders.states import after_all_parts, keep_order, movable_parts, move_order, move_shipments
from bookstore.orders.views import view


def ship_order(order_id: str, shipping: Shipping, *, seller: Actor, at: datetime | None = None) -> dict[str, Any]:
    """Mark the seller's part of a paid order as shipped; return that part as JSON. An admin ships every open part.

    Cash on delivery is collected. Raises Conflict when the part is not open or the order not paid.
    """
    return transaction("orders", lambda db: _ship(db, order_id, shipping, seller, at or now()))


def _ship(db: Connection, order_id: str, shipping: Shipping, seller: Actor, at: datetime) -> dict[str, Any]:
    order, part = sold_by(seller, records.locked(db, order_id))
    sellers = movable_parts(order, part, "ship")
    move_shipments(db, order, sellers, "ship", at=at, tracking=shipping.tracking)
    _collect_cash(db, order, sellers)
    following = after_all_parts(records.locked_known(db, order_id).shipments)
    if following:
        move_order(db, order, following, at=at, events=len(sellers))
    else:
        keep_order(db, order, events=len(sellers))
    after = records.locked_known(db, order_id)
    announce_parts(db, "order.shipped", after, sellers, by=seller)
    trace_act(db, "ship_order", after, part, by=seller)
    return view(after, part)


def _collect_cash(db: Connection, order: Order, sellers: list[str]) -> None:
    payment = order.payment
    if payment is None or payment.method != "cash_on_delivery":
        return
    first = not any(part.shipped_at for part in order.shipments)
    balance = payment.balance.collect(order.worth(sellers) + (order.delivery_cents if first else 0))
    records.save_payment(db, order.id, replace(payment, balance=balance, status=balance.status(kept=True)))
