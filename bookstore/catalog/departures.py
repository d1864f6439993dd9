"""People who have left the bookstore: what they sell goes with them, what they wrote loses their name."""

from collections.abc import Mapping
from typing import Any

from bookstore.catalog import records
from bookstore.catalog.books import take_off, to_json
from bookstore.catalog.reviews import own_view
from bookstore.catalog.wishes import shown_wishes
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
    rows, cursor = newest_first(db, _EVERYTHING, [user.id, user.id, user.id], query)
    found = {(kind, row["id"]): row for kind in _KEPT for row in _of_kind(db, kind, rows)}
    # What was taken away since the page was read is in it no longer.
    there = [row for row in rows if (row["kind"], row["id"]) in found]
    items = [{"kind": row["kind"], "data": _view(db, row["kind"], found[row["kind"], row["id"]])} for row in there]
    return {"items": items, "next_cursor": cursor}


def _forget_reader(db: Connection, user_id: str) -> None:
    execute(db, "DELETE FROM wishes WHERE user_id = %s", [user_id])
    execute(db, "DELETE FROM review_reports WHERE user_id = %s", [user_id])
    forget_turns(db, user_id)
    execute(db, "UPDATE reviews SET user_name = NULL WHERE user_id = %s", [user_id])


_KEPT = {"listing": "books", "review": "reviews", "wish": "wishes"}
_EVERYTHING = (
    "SELECT * FROM (SELECT id, 'listing' AS kind FROM books WHERE seller_id = %s"
    " UNION ALL SELECT id, 'review' FROM reviews WHERE user_id = %s"
    " UNION ALL SELECT id, 'wish' FROM wishes WHERE user_id = %s) AS kept WHERE TRUE"
)


def _of_kind(db: Connection, kind: str, rows: list[Row]) -> list[Row]:
    ids = [row["id"] for row in rows if row["kind"] == kind]
    return fetch_all(db, f"SELECT * FROM {_KEPT[kind]} WHERE id IN %s", [ids]) if ids else []  # noqa: S608


def _view(db: Connection, kind: str, row: Row) -> Mapping[str, Any]:
    if kind == "listing":
        return to_json(records.shown(row))
    if kind == "review":
        return own_view(row).model_dump(exclude_none=True)
    return shown_wishes(db, [row])[0].model_dump(exclude_none=True)
