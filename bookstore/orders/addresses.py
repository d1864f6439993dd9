"""The addresses that somebody saved. An order keeps its own copy, so changing one changes no order."""

import json
from datetime import datetime
from typing import Any

from bookstore.clock import now, rfc3339
from bookstore.database import Connection, Row, connection, execute, fetch_all, fetch_one
from bookstore.errors import Conflict, InvalidFields, NotFound
from bookstore.ids import new_id
from bookstore.orders.models import Address, AddressOut, Delivery
from bookstore.turns import in_turn

MOST = 20


def list_addresses(*, owner_id: str) -> dict[str, Any]:
    """Somebody's addresses as JSON, the newest first; all of them, there are few."""
    rows = fetch_all(connection("orders"), "SELECT * FROM addresses WHERE user_id = %s ORDER BY id DESC", [owner_id])
    return {"items": [_shown(row) for row in rows], "next_cursor": None}


def create_address(address: Address, *, owner_id: str, at: datetime | None = None) -> dict[str, Any]:
    """Save an address; return it as JSON. Raises Conflict when there are 20 already."""
    row = {"id": new_id(), "user_id": owner_id, "address": _kept(address), "created_at": at or now()}

    def work(db: Connection) -> None:
        saved = execute(
            db,
            "INSERT INTO addresses (id, user_id, address, created_at)"
            " SELECT %(id)s, %(user_id)s, %(address)s, %(created_at)s FROM dual"
            " WHERE (SELECT COUNT(*) FROM addresses WHERE user_id = %(user_id)s) < %(most)s",
            row | {"most": MOST},
        )
        if not saved:
            raise Conflict(f"No more than {MOST} addresses are saved. Delete one that is no longer needed.")

    in_turn("orders", owner_id, work)
    return _shown(row)


def update_address(address_id: str, address: Address, *, owner_id: str) -> dict[str, Any]:
    """Replace one of somebody's own addresses; return it as JSON. Raises NotFound."""
    db, mine = connection("orders"), [address_id, owner_id]
    execute(db, "UPDATE addresses SET address = %s WHERE id = %s AND user_id = %s", [_kept(address), *mine])
    row = fetch_one(db, "SELECT * FROM addresses WHERE id = %s AND user_id = %s", mine)
    if row is None:
        raise _unknown()
    return _shown(row)


def delete_address(address_id: str, *, owner_id: str) -> None:
    """Delete one of somebody's own addresses. Raises NotFound."""
    gone = execute(connection("orders"), "DELETE FROM addresses WHERE id = %s AND user_id = %s", [address_id, owner_id])
    if not gone:
        raise _unknown()


def address_of(db: Connection, delivery: Delivery, buyer_id: str) -> dict[str, Any] | None:
    """Where an order goes. Raises InvalidFields for a saved address that is not the buyer's."""
    if delivery.address_id is None:
        return delivery.model_dump(exclude_none=True).get("address")
    row = fetch_one(db, "SELECT address FROM addresses WHERE id = %s AND user_id = %s", [delivery.address_id, buyer_id])
    if row is None:
        raise InvalidFields.one("delivery.address_id", "is none of your saved addresses")
    found: dict[str, Any] = json.loads(row["address"])
    return found


def _unknown() -> NotFound:
    return NotFound("There is no such address.")


def _kept(address: Address) -> str:
    return json.dumps(address.model_dump(exclude_none=True))


def _shown(row: Row) -> dict[str, Any]:
    shown = AddressOut(id=row["id"], **json.loads(row["address"]), created_at=rfc3339(row["created_at"]))
    return shown.model_dump(mode="json", exclude_none=True)
