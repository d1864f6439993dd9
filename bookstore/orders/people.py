"""Who acts on an order, and which part of it is theirs."""

from typing import Protocol

from bookstore.errors import Forbidden, NotFound
from bookstore.orders.records import Order


class Person(Protocol):
    """Who the access token says is asking."""

    @property
    def id(self) -> str:
        """The user's id."""

    @property
    def name(self) -> str:
        """The name shown to others."""

    @property
    def role(self) -> str:
        """`user` or `admin`."""


def part_seen_by(person: Person, order: Order | None) -> tuple[Order, str | None]:
    """The order, and the seller whose part alone the person may see; None means all of it.

    Raises NotFound, alike for an order that does not exist and for one that the person may not see.
    """
    if order and (order.buyer_id == person.id or person.role == "admin"):
        return order, None
    if order and person.id in order.sellers:
        return order, person.id
    raise NotFound("There is no such order.")


def bought_by(person: Person, order: Order | None) -> Order:
    """The order, if the person is its buyer. Raises NotFound or Forbidden."""
    found, _ = part_seen_by(person, order)
    if found.buyer_id != person.id:
        raise Forbidden("Only the buyer of an order may do this.")
    return found


def sold_by(person: Person, order: Order | None) -> tuple[Order, str | None]:
    """The order, and the seller for whose part the person acts: their own, or None for all of it (an admin).

    Raises NotFound or Forbidden.
    """
    found, _ = part_seen_by(person, order)
    if person.id in found.sellers:
        return found, person.id
    if person.role == "admin":
        return found, None
    raise Forbidden("Only a seller of the order may do this.")
