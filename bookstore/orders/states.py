"""The states of orders and shipments: every move there is, each made by one conditional UPDATE."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bookstore.database import Connection, execute
from bookstore.errors import Conflict
from bookstore.orders.records import Order, Shipment, add_history

Moves = Mapping[str, tuple[frozenset[str], str]]

ORDER: Moves = {
    "pay": (frozenset({"pending"}), "paid"),
    "ship": (frozenset({"paid"}), "shipped"),
    "cancel": (frozenset({"pending", "paid"}), "cancelled"),
    "expire": (frozenset({"pending"}), "expired"),
}
SHIPMENT: Moves = {
    "ship": (frozenset({"open"}), "shipped"),
    "cancel": (frozenset({"open"}), "cancelled"),
    "refund": (frozenset({"open", "shipped"}), "refunded"),
}
# Where an order must be for one of its parts to move.
_PARTS_MOVE_IN = {"ship": frozenset({"paid"}), "refund": frozenset({"paid", "shipped"})}
_DONE = {"pay": "paid", "ship": "shipped", "cancel": "cancelled", "expire": "expired", "refund": "refunded"}


def target(moves: Moves, status: str, action: str) -> str | None:
    """Where an action leads from a status, or None when it is not allowed there."""
    sources, end = moves[action]
    return end if status in sources else None


def move_order(db: Connection, order: Order, action: str, *, at: datetime, events: int) -> None:
    """Move an order on, and end its open attempt if it has one. Each event that tells of it takes a version.

    Raises Conflict when the order is no longer where it was.
    """
    sources, end = ORDER[action]
    _require(
        execute(
            db,
            "UPDATE orders SET status = %s, open_attempt = NULL, version = version + %s"
            " WHERE id = %s AND status IN %s AND open_attempt <=> %s",
            [end, events, order.id, sorted(sources), order.open_attempt],
        ),
        refusal(order, action),
    )
    add_history(db, order.id, end, at)


def keep_order(db: Connection, order: Order, *, events: int) -> None:
    """Leave an order's status as it is, end its open attempt if it has one, and count its events."""
    execute(
        db,
        "UPDATE orders SET open_attempt = NULL, version = version + %s WHERE id = %s AND open_attempt <=> %s",
        [events, order.id, order.open_attempt],
    )


def release_order(db: Connection, order: Order) -> None:
    """End an order's open attempt, with nothing else changed."""
    keep_order(db, order, events=0)


def move_shipments(
    db: Connection, order: Order, sellers: Collection[str], action: str, *, at: datetime, tracking: str | None = None
) -> None:
    """Move some sellers' shipments on. Raises Conflict when one of them is no longer where it was."""
    sources, end = SHIPMENT[action]
    moved = execute(
        db,
        "UPDATE shipments SET status = %s, at = %s, tracking = COALESCE(%s, tracking),"
        " shipped_at = IF(%s, %s, shipped_at) WHERE order_id = %s AND seller_id IN %s AND status IN %s",
        [end, at, tracking, end == "shipped", at, order.id, sorted(sellers), sorted(sources)],
    )
    _require(moved == len(sellers), refusal(order, action))


def movable_parts(order: Order, seller_id: str | None, action: str) -> list[str]:
    """The sellers, of all or of the one given, whose shipment an action moves. Raises Conflict when there is none."""
    if order.open_attempt or order.status not in _PARTS_MOVE_IN[action]:
        raise refusal(order, action)
    parts = [part for part in order.shipments if seller_id in (None, part.seller_id)]
    movable = [part.seller_id for part in parts if target(SHIPMENT, part.status, action)]
    if not movable:
        raise Conflict(f"The shipment is {parts[0].status}, so it can't be {_DONE[action]}.")
    return movable


def after_all_parts(shipments: Collection[Shipment]) -> str | None:
    """What happens to a paid order when its parts are settled: `ship`, `cancel`, or None while one is open."""
    if any(shipment.status == "open" for shipment in shipments):
        return None
    return "ship" if any(shipment.shipped_at for shipment in shipments) else "cancel"


def refusal(order: Order, action: str) -> Conflict:
    """Why an action is not possible now."""
    if order.open_attempt:
        error = Conflict("A payment or refund of this order is on its way. Try again in a moment.")
        error.headers = {"Retry-After": "1"}
        return error
    return Conflict(f"The order is {order.status}, so it can't be {_DONE[action]}.", order_status=order.status)


def _require(done: bool | int, error: Conflict) -> None:
    if not done:
        raise error
