"""People who have left the bookstore: what they sell goes with them."""

from typing import Any

from bookstore.catalog import records
from bookstore.catalog.books import take_off, to_json
from bookstore.database import Connection, connection, fetch_all, transaction
from bookstore.events.envelope import Event
from bookstore.fields import PageQuery
from bookstore.identity import User

_BATCH = 100


def take_leave(event: Event) -> None:
    """Take everything off the catalog that a user sells who is gone. Interrupted or repeated, it goes on."""
    user_id = event.data["user_id"]

    def work(db: Connection) -> int:
        rows = fetch_all(
            db, "SELECT * FROM books WHERE seller_id = %s ORDER BY id LIMIT %s FOR UPDATE", [user_id, _BATCH]
        )
        for row in rows:
            take_off(db, row, trace=event.trace)
        return len(rows)

    while transaction("catalog", work):
        pass


def catalog_data(query: PageQuery, *, user: User) -> dict[str, Any]:
    """A page of what the catalog keeps of the user, the newest first, and the next one's cursor, as JSON."""
    rows = fetch_all(
        connection("catalog"),
        "SELECT * FROM books WHERE seller_id = %s AND id < %s ORDER BY id DESC LIMIT %s",
        [user.id, query.cursor or "~", query.limit + 1],
    )
    page = rows[: query.limit]
    return {
        "items": [{"kind": "listing", "data": to_json(records.shown(row))} for row in page],
        "next_cursor": page[-1]["id"] if len(rows) > query.limit else None,
    }
