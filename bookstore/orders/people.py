"""Who acts on orders, and which part of an order is theirs."""

from dataclasses import dataclass

from bookstore.database import Connection
from bookstore.errors import Forbidden, InvalidFields, NotFound
from bookstore.events.acts import announce_act
from bookstore.identity import User
from bookstore.orders.records import Order


@dataclass(frozen=True)
class Actor:
    """Somebody in one request of theirs; `trace` is its traceparent, for the events that it causes."""

    id: str
    name: str
    role: str
    trace: str = ""

    @classmethod
    def of(cls, user: User, trace: str) -> "Actor":
        """A signed-in user."""
        return cls(user.id, user.name, user.role, trace)

    @classmethod
    def timer(cls, trace: str) -> "Actor":
        """The bookstore itself, acting because time has passed."""
        return cls("timer", "", "", trace)


def part_seen_by(actor: Actor, order: Order | None) -> tuple[Order, str | None]:
    """The order, and the seller whose part alone the actor may see; None means all of it.

    Raises NotFound, alike for an order that does not exist and for one that the actor may not see.
    """
    if order and (order.buyer_id == actor.id or actor.role == "admin"):
        return order, None
    if order and actor.id in order.sellers:
        return order, actor.id
    raise NotFound("There is no such order.")


def bought_by(actor: Actor, order: Order | None) -> Order:
    """The order, if the actor is its buyer. Raises NotFound or Forbidden."""
    found, _ = part_seen_by(actor, order)
    if found.buyer_id != actor.id:
        raise Forbidden("Only the buyer of an order may do this.")
    return found


def sold_by(actor: Actor, order: Order | None, seller_id: str | None = None) -> tuple[Order, str | None]:
    """The order, and the seller for whose part the actor acts: their own, or None for all of it (an admin).

    An admin may name the seller. Raises NotFound, Forbidden, and InvalidFields for one who sells nothing in the order.
    """
    found, _ = part_seen_by(actor, order)
    if seller_id not in (None, actor.id) and actor.role != "admin":
        raise Forbidden("Only an admin may act for another seller.")
    if seller_id and seller_id not in found.sellers:
        raise InvalidFields.one("seller_id", "sells nothing in this order")
    if part := seller_id or (actor.id if actor.id in found.sellers else None):
        return found, part
    if actor.role == "admin":
        return found, None
    raise Forbidden("Only a seller of the order may do this.")


def trace_act(db: Connection, act: str, order: Order, part: str | None, *, by: Actor) -> None:
    """Tell that an admin acted for a seller of an order, or for all; a seller who acts for the own part is no news."""
    if part != by.id:
        details = {"buyer_id": order.buyer_id} | ({"seller_id": part} if part else {})
        announce_act(db, "orders", by, act, ("order", order.id), trace=by.trace, **details)
