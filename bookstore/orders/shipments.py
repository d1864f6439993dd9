"""Ship a seller's part of an order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bookstore.clock import now
from bookstore.database import Connection, execute, transaction
from bookstore.errors import InvalidFields
from bookstore.orders import records
from bookstore.orders.announcements import announce_parts
from bookstore.orders.balance import Entry
from bookstore.orders.ledger import move_money
from bookstore.orders.models import Shipping
from bookstore.orders.people import Actor, sold_by, trace_act
from bookstore.orders.records import Order, Step
from bookstore.orders.states import following, movable_parts, move_order, move_parts
from bookstore.orders.views import view

# Where carriers show what became of a parcel.
_PAGES = {
    "dhl": "https://www.dhl.com/en/express/tracking.html?AWB={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
}


def ship_order(order_id: str, shipping: Shipping, *, seller: Actor, at: datetime | None = None) -> dict[str, Any]:
    """Mark the seller's part of a paid order as shipped; return that part as JSON.

    An admin ships every open part, or that of a seller whom they name. Cash on delivery is collected. What is shipped
    already is followed by another parcel from now on, if one is told. Raises InvalidFields for a parcel of several
    parts, and Conflict when the part is not open or the order not paid.
    """
    return transaction("orders", lambda db: _ship(db, order_id, shipping, seller, at or now()))


def parcel(shipping: Shipping) -> Mapping[str, str | None]:
    """How a parcel can be followed: with a well-known carrier its number leads to a page."""
    page = _PAGES.get((shipping.carrier or "").casefold())
    link = page.format(quote(shipping.tracking, safe="")) if page and shipping.tracking else None
    return shipping.model_dump(exclude={"seller_id"}) | {"tracking_url": shipping.tracking_url or link}


def _ship(db: Connection, order_id: str, shipping: Shipping, seller: Actor, at: datetime) -> dict[str, Any]:
    order, part = sold_by(seller, records.locked(db, order_id), shipping.seller_id)
    told, waits = parcel(shipping), any(part in (None, each.seller_id) for each in order.in_status("open"))
    if any(told.values()) and not waits:
        return _correct(db, order, part, told, seller, at)
    sellers = movable_parts(order, "ship", part)
    if told["tracking"] or told["tracking_url"]:
        _require_one(sellers)
    move_parts(db, order, sellers, "ship", at=at, parcel=told)
    _collect_cash(db, order, sellers, by=seller, at=at)
    move_order(db, order, "ship", following(order, "ship", sellers), at=at, events=len(sellers))
    after = records.locked_known(db, order_id)
    announce_parts(db, "order.shipped", after, sellers, by=seller)
    trace_act(db, "ship_order", after, part, by=seller)
    return view(after, part)


def _correct(
    db: Connection, order: Order, part: str | None, told: Mapping[str, str | None], by: Actor, at: datetime
) -> dict[str, Any]:
    """Replace how a shipped part can be followed; told what is known already, change nothing."""
    sellers = movable_parts(order, "track", part)
    _require_one(sellers)
    changed = execute(
        db,
        "UPDATE shipments SET tracking = %s, carrier = %s, tracking_url = %s"
        " WHERE order_id = %s AND seller_id = %s AND status = 'shipped'",
        [told["tracking"], told["carrier"], told["tracking_url"], order.id, *sellers],
    )
    if changed:
        records.add_history(db, order.id, Step("tracking_corrected", at, sellers[0]))
        trace_act(db, "correct_tracking", order, part, by=by)
    return view(records.locked_known(db, order.id), part)


def _require_one(sellers: list[str]) -> None:
    if len(sellers) > 1:
        message = f"is required: a parcel is one seller's, and this would be {len(sellers)} sellers'"
        raise InvalidFields.one("seller_id", message)


def _collect_cash(db: Connection, order: Order, sellers: list[str], *, by: Actor, at: datetime) -> None:
    payment = order.payment
    if payment is None or payment.method != "cash_on_delivery":
        return
    came = [Entry("captured", order.kept_price(seller), seller) for seller in sellers]
    if not order.shipped:
        came.append(Entry("captured", order.delivery_price))
    move_money(db, order, payment, came, by=by, reason="collected at delivery", at=at)
