"""What administrators did to what is not theirs. Other domains tell of it by events; nobody changes or deletes it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bookstore.accounts.models import ActOnUserOut, ActOut, ActsQuery, AdminOut, TargetOut
from bookstore.accounts.pages import newest_first
from bookstore.clock import rfc3339
from bookstore.database import Connection, Row, connection, execute, fetch_all
from bookstore.events.envelope import Event
from bookstore.identity import User
from bookstore.ids import new_id

_SELECT = "SELECT id, admin_id, admin_name, act, target_kind, target_id, details, at FROM admin_acts"


def record_act(db: Connection, admin: User, act: str, user_id: str, *, at: datetime, **details: Any) -> None:
    """Note what an admin did to a user, in the transaction of the act."""
    _keep(db, new_id(), admin.id, admin.name, act, ("user", user_id), details, at)


def record_told(event: Event) -> None:
    """Note an act that another domain tells of. The same event once more changes nothing."""
    data = event.data
    target = (data["target_kind"], data["target_id"])
    db = connection("accounts")
    _keep(db, event.id, data["admin_id"], data["admin_name"], data["act"], target, data["details"], event.time)


def list_acts(query: ActsQuery) -> dict[str, Any]:
    """A page of acts, the newest first, as JSON."""
    given = {"admin_id": query.admin, "target_id": query.target}
    return newest_first(connection("accounts"), _SELECT, given, query, _shown)


def acts_on(db: Connection, user_id: str) -> list[dict[str, Any]]:
    """What admins did to a user, the oldest first, as JSON; they did it for the bookstore, so they are not named."""
    rows = fetch_all(db, f"{_SELECT} WHERE target_kind = 'user' AND target_id = %s ORDER BY id", [user_id])
    return [
        ActOnUserOut(
            id=row["id"], act=row["act"], details=json.loads(row["details"]), at=rfc3339(row["at"])
        ).model_dump()
        for row in rows
    ]


def _keep(
    db: Connection,
    act_id: str,
    admin_id: str,
    admin_name: str,
    act: str,
    target: tuple[str, str],
    details: Mapping[str, Any],
    at: datetime,
) -> None:
    execute(
        db,
        "INSERT INTO admin_acts (id, admin_id, admin_name, act, target_kind, target_id, details, at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON DUPLICATE KEY UPDATE id = id",
        [act_id, admin_id, admin_name, act, *target, json.dumps(details, ensure_ascii=False), at],
    )


def _shown(row: Row) -> dict[str, Any]:
    return ActOut(
        id=row["id"],
        admin=AdminOut(id=row["admin_id"], name=row["admin_name"]),
        act=row["act"],
        target=TargetOut(kind=row["target_kind"], id=row["target_id"]),
        details=json.loads(row["details"]),
        at=rfc3339(row["at"]),
    ).model_dump()
