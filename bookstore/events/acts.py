"""The event that tells of an administrator's act on what is not theirs; accounts keeps the trail of all domains."""

from typing import Any, Protocol

from bookstore.database import Connection, Domain
from bookstore.events.envelope import Event
from bookstore.events.outbox import append


class Admin(Protocol):
    """Whoever acts."""

    @property
    def id(self) -> str:
        """Their user's id."""

    @property
    def name(self) -> str:
        """What others call them."""


def announce_act(
    db: Connection, domain: Domain, admin: Admin, act: str, target: tuple[str, str], *, trace: str, **details: Any
) -> None:
    """Tell, in the transaction of the act, that an admin did it; `target` is what it was done to: its kind and its id.

    `act` is a verb and a noun, such as `update_book`; `details` is JSON that says more, such as whose it is.
    """
    kind, target_id = target
    data = {
        "admin_id": admin.id,
        "admin_name": admin.name,
        "act": act,
        "target_kind": kind,
        "target_id": target_id,
        "details": details,
    }
    append(db, Event(type=f"{domain}.administered", subject=target_id, version=1, data=data, trace=trace))
