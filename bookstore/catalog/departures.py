"""People who have left the bookstore: what they sell goes with them, what they wrote loses their name."""

import json
from collections.abc import Mapping
from typing import Any

from bookstore.catalog import records
from bookstore.catalog.books import take_off, to_json
from bookstore.catalog.imports import records as imports
from bookstore.catalog.reader_models import OwnReportOut
from bookstore.catalog.renames import forget_name
from bookstore.catalog.reviews import own_view
from bookstore.catalog.wishes import shown_wishes
from bookstore.clock import rfc3339
from bookstore.database import Connection, Row, connection, execute, fetch_all, transaction
from bookstore.events.envelope import Event
from bookstore.fields import PageQuery
from bookstore.identity import User
from bookstore.pages import newest_first
from bookstore.turns import forget_turns

_BATCH = 100


def take_leave(event: Event) -> None:
    """Take everything off the catalog that a user sells who is gone. Interrupted or repeated, it goes on.

    Their files, wishes and reports are gone too. Their reviews stay and count, without the name.
    """
    user_id = event.data["user_id"]

    def work(db: Connection) -> int:
        rows = fetch_all(
            db, "SELECT * FROM books WHERE seller_id = %s ORDER BY id LIMIT %s FOR UPDATE", [user_id, _BATCH]
        )
        for row in rows:
            take_off(db, row, trace=event.trace)
        return len(rows)

    # First, so that no import of theirs puts anything on sale any more.
    execute(connection("catalog"), "DELETE FROM imports WHERE seller_id = %s", [user_id])
    while transaction("catalog", work):
        pass
    transaction("catalog", lambda db: _forget_reader(db, user_id))


def catalog_data(query: PageQuery, *, user: User) -> dict[str, Any]:
    """A page of what the catalog keeps of the user, the newest first, and the next one's cursor, as JSON."""
    db = connection("catalog")
    rows, cursor = newest_first(db, _EVERYTHING, [user.id] * len(_KEPT), query)
    found = {(kind, row["id"]): row for kind in _KEPT for row in _of_kind(db, kind, rows, user)}
    # What was taken away since the page was read is in it no longer.
    there = [row for row in rows if (row["kind"], row["id"]) in found]
    items = [{"kind": row["kind"], "data": _view(db, row["kind"], found[row["kind"], row["id"]])} for row in there]
    return {"items": items, "next_cursor": cursor}


def _forget_reader(db: Connection, user_id: str) -> None:
    forget_name(db, user_id)
    execute(db, "DELETE FROM wishes WHERE user_id = %s", [user_id])
    execute(db, "DELETE FROM review_reports WHERE user_id = %s", [user_id])
    forget_turns(db, user_id)


# The table of each kind, and the column that says whose a row is. A report has no id of its own, and must not have that
# of the review: its writer may report it.
_KEPT = {
    "listing": ("books", "seller_id"),
    "review": ("reviews", "user_id"),
    "wish": ("wishes", "user_id"),
    "report": ("(SELECT CONCAT(review_id, '-report') AS id, review_reports.* FROM review_reports) AS own", "user_id"),
    "import": ("imports", "seller_id"),
}
_IDS = " UNION ALL ".join(
    f"SELECT id, '{kind}' AS kind FROM {table} WHERE {owner} = %s"  # noqa: S608 - our own names
    for kind, (table, owner) in _KEPT.items()
)
_EVERYTHING = f"SELECT * FROM ({_IDS}) AS kept WHERE TRUE"  # noqa: S608


def _of_kind(db: Connection, kind: str, rows: list[Row], user: User) -> list[Row]:
    ids, (table, owner) = [row["id"] for row in rows if row["kind"] == kind], _KEPT[kind]
    select = f"SELECT * FROM {table} WHERE {owner} = %s AND id IN %s"  # noqa: S608
    return fetch_all(db, select, [user.id, ids]) if ids else []


def _view(db: Connection, kind: str, row: Row) -> Mapping[str, Any]:
    if kind == "listing":
        return to_json(records.shown(row))
    if kind == "review":
        return own_view(row).model_dump(exclude_none=True)
    if kind == "wish":
        return shown_wishes(db, [row])[0].model_dump(exclude_none=True)
    if kind == "report":
        return OwnReportOut(review_id=row["review_id"], reason=row["reason"], at=rfc3339(row["at"])).model_dump()
    # How the file is to be read is told as it was said; its problems are a list of their own.
    problems = f"/api/imports/{row['id']}/problems"
    found = imports.show(db, row["id"], row["seller_id"])
    return (found.to_json() if found else {}) | {"said": json.loads(row["said"]), "problems": problems}
