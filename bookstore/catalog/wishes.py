"""Wishes: the works that a reader would like to have, and whether to tell them when there is a copy."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bookstore.catalog import waiting
from bookstore.catalog.offers import best_offers
from bookstore.catalog.reader_models import Wishing, WishOut
from bookstore.clock import now, rfc3339
from bookstore.database import Connection, Row, connection, execute, fetch_one, transaction
from bookstore.errors import Conflict, NotFound
from bookstore.fields import PageQuery
from bookstore.identity import User
from bookstore.ids import new_id
from bookstore.pages import listed, newest_first
from bookstore.turns import in_turn

MOST = 1_000
"""How many wishes a reader may have."""


def wish(work_id: str, wishing: Wishing, *, by: User, trace: str, at: datetime | None = None) -> dict[str, Any]:
    """Put a work on the reader's list, or change whether they are told; return the wish as JSON.

    Whoever waits already keeps their place; a copy that nobody waits for is told of at once. Raises NotFound for a work
    that nobody offers and that is not on the list, and Conflict when the list is full.
    """

    def work(db: Connection) -> Row:
        _put_on_list(db, work_id, by, at or now())
        execute(
            db,
            "UPDATE wishes SET asked_at = IF(%s, COALESCE(asked_at, %s), NULL) WHERE user_id = %s AND work_id = %s",
            [wishing.tell_me, at or now(), by.id, work_id],
        )
        if wishing.tell_me:
            waiting.tell(db, work_id, trace=trace, at=at or now())
        row = _find(db, work_id, by)
        assert row is not None, "it was put there just now"
        return row

    return shown_wishes(connection("catalog"), [in_turn("catalog", by.id, work)])[0].model_dump(exclude_none=True)


def unwish(work_id: str, *, by: User, trace: str, at: datetime | None = None) -> None:
    """Take a work off the reader's list; a copy held for them is told of to the next. Raises NotFound."""

    def work(db: Connection) -> None:
        if not execute(db, "DELETE FROM wishes WHERE user_id = %s AND work_id = %s", [by.id, work_id]):
            raise NotFound("You have no such wish.")
        waiting.tell(db, work_id, trace=trace, at=at or now())

    transaction("catalog", work)


def list_wishes(query: PageQuery, *, by: User) -> dict[str, Any]:
    """A page of the reader's wishes, the newest first, as JSON."""
    db = connection("catalog")
    rows, cursor = newest_first(db, "SELECT * FROM wishes WHERE user_id = %s", [by.id], query)
    return listed(shown_wishes(db, rows), cursor)


def come_true(db: Connection, user_id: str, work_ids: Sequence[str], *, at: datetime) -> None:
    """Take what a reader bought off their list, in the caller's transaction, unless they wished for it afterwards."""
    if work_ids:
        execute(
            db,
            "DELETE FROM wishes WHERE user_id = %s AND work_id IN %s AND created_at <= %s",
            [user_id, list(work_ids), at],
        )


def shown_wishes(db: Connection, rows: Sequence[Row]) -> list[WishOut]:
    """Wishes as their reader sees them."""
    offers = best_offers(db, [row["work_id"] for row in rows])
    return [
        WishOut(
            work_id=row["work_id"],
            title=row["title"],
            tell_me=row["asked_at"] is not None,
            told_at=row["told_at"] and rfc3339(row["told_at"]),
            created_at=rfc3339(row["created_at"]),
            book=offers.get(row["work_id"]),
        )
        for row in rows
    ]


def _put_on_list(db: Connection, work_id: str, by: User, at: datetime) -> None:
    if _find(db, work_id, by):
        return
    offer = best_offers(db, [work_id]).get(work_id)
    if offer is None:
        raise NotFound("Nobody offers such a work.")
    count = fetch_one(db, "SELECT COUNT(*) AS wishes FROM wishes WHERE user_id = %s", [by.id])
    if count and count["wishes"] >= MOST:
        raise Conflict(f"A list holds {MOST} wishes at most. Take one off first.")
    execute(
        db,
        "INSERT INTO wishes (id, user_id, work_id, title, created_at) VALUES (%s, %s, %s, %s, %s)"
        " ON DUPLICATE KEY UPDATE id = id",
        [new_id(), by.id, work_id, offer.title, at],
    )


def _find(db: Connection, work_id: str, by: User) -> Row | None:
    return fetch_one(db, "SELECT * FROM wishes WHERE user_id = %s AND work_id = %s", [by.id, work_id])
