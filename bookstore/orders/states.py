"""The states of orders and their parts: one table of every move there is, each made by one conditional UPDATE."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bookstore.database import Connection, execute
from bookstore.errors import Conflict
from bookstore.orders.records import Order, Step, add_history


@dataclass(frozen=True)
class Move:
    """When something can be done to an order, and what it makes of it.

    The order must be in one of `orders`; the parts in one of `parts` become `part`, or stay as they are without it. The
    order becomes `order`; None means that it follows its parts. `shipped` tells whether it is possible when something
    was shipped.
    """

    orders: frozenset[str]
    order: str | None = None
    parts: frozenset[str] = frozenset()
    part: str = ""
    shipped: bool = True


MOVES: Mapping[str, Move] = {
    "pay": Move(frozenset({"pending"}), "paid"),
    "ship": Move(frozenset({"paid"}), None, frozenset({"open"}), "shipped"),
    "track": Move(frozenset({"paid", "shipped"}), None, frozenset({"shipped"})),
    "refund": Move(frozenset({"paid", "shipped"}), None, frozenset({"open", "shipped"}), "refunded"),
    "goodwill": Move(frozenset({"paid", "shipped"}), None, frozenset({"open", "shipped"})),
    "cancel": Move(frozenset({"pending", "paid"}), "cancelled", frozenset({"open"}), "cancelled", shipped=False),
    "expire": Move(frozenset({"pending"}), "expired", frozenset({"open"}), "cancelled"),
}
NO_PARCEL: Mapping[str, str | None] = MappingProxyType({"tracking": None, "carrier": None, "tracking_url": None})
_DONE = {
    "pay": "paid",
    "ship": "shipped",
    "track": "tracked",
    "refund": "refunded",
    "goodwill": "refunded",
    "cancel": "cancelled",
    "expire": "expired",
}


def require(order: Order, action: str) -> None:
    """Raise Conflict, with the reason, when an action is not possible on an order as it is."""
    move = MOVES[action]
    if order.open_attempt or order.status not in move.orders:
        raise refusal(order, action)
    if order.shipped and not move.shipped:
        raise Conflict(f"A part of the order was shipped, so it can't be {_DONE[action]}.", order_status=order.status)


def movable_parts(order: Order, action: str, seller_id: str | None = None) -> list[str]:
    """The sellers, of all or the one given, whose part an action moves. Raises Conflict when it is not possible."""
    require(order, action)
    parts = [part for part in order.shipments if seller_id in (None, part.seller_id)]
    movable = [part.seller_id for part in parts if part.status in MOVES[action].parts]
    if not movable:
        raise Conflict(f"The shipment is {parts[0].status}, so it can't be {_DONE[action]}.")
    return movable


def following(order: Order, action: str, moved: Collection[str] = ()) -> str:
    """The status of an order when an action has moved the parts of some sellers.

    A paid order waits for its last open part, and is shipped then if any part was.
    """
    move = MOVES[action]
    if move.order:
        return move.order
    if order.status != "paid" or not move.part or any(part.seller_id not in moved for part in order.in_status("open")):
        return order.status
    return "shipped" if order.shipped or move.part == "shipped" else "cancelled"


def move_order(db: Connection, order: Order, action: str, to: str, *, at: datetime, events: int) -> None:
    """Move an order on, or leave it in its status, and end its open attempt if it has one.

    Each event that tells of it takes a version. Raises Conflict when the order is no longer where it was.
    """
    moved = execute(
        db,
        "UPDATE orders SET status = %s, open_attempt = NULL, version = version + %s"
        " WHERE id = %s AND status = %s AND status IN %s AND open_attempt <=> %s",
        [to, events, order.id, order.status, sorted(MOVES[action].orders), order.open_attempt],
    )
    if not moved:
        raise refusal(order, action)
    if to != order.status:
        add_history(db, order.id, Step(to, at))


def release_order(db: Connection, order: Order) -> None:
    """End an order's open attempt, with nothing else changed."""
    execute(
        db, "UPDATE orders SET open_attempt = NULL WHERE id = %s AND open_attempt = %s", [order.id, order.open_attempt]
    )


def move_parts(
    db: Connection,
    order: Order,
    sellers: Collection[str],
    action: str,
    *,
    at: datetime,
    parcel: Mapping[str, str | None] = NO_PARCEL,
) -> None:
    """Move some sellers' parts on; `parcel` tells how one that was shipped can be followed.

    The history tells of each where the order follows its parts; else what became of the order tells it all. Raises
    Conflict when one of them is no longer where it was.
    """
    move = MOVES[action]
    moved = execute(
        db,
        "UPDATE shipments SET status = %s, at = %s, tracking = COALESCE(%s, tracking),"
        " carrier = COALESCE(%s, carrier), tracking_url = COALESCE(%s, tracking_url),"
        " shipped_at = IF(%s, %s, shipped_at) WHERE order_id = %s AND seller_id IN %s AND status IN %s",
        [
            *(move.part, at, parcel["tracking"], parcel["carrier"], parcel["tracking_url"]),
            *(move.part == "shipped", at, order.id, sorted(sellers), sorted(move.parts)),
        ],
    )
    if moved != len(sellers):
        raise refusal(order, action)
    if move.order is None:
        add_history(db, order.id, *(Step(move.part, at, seller) for seller in sorted(sellers)))


def refusal(order: Order, action: str) -> Conflict:
    """Why an action is not possible now."""
    if order.open_attempt:
        error = Conflict("A payment or refund of this order is on its way. Try again in a moment.")
        error.headers = {"Retry-After": "1"}
        return error
    return Conflict(f"The order is {order.status}, so it can't be {_DONE[action]}.", order_status=order.status)
