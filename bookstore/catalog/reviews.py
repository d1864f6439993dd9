"""Reviews: what buyers think of a work, one of each buyer for each work.

A review counts, and is shown, while its writer keeps a copy that their money came for, has not taken it back, and no
admin has hidden it. Whoever gets the money back loses the voice with it: otherwise a rating would cost nothing. It
returns by itself when they buy the work again.
"""

from datetime import datetime
from typing import Any, Literal

from bookstore.catalog import ratings
from bookstore.catalog.people import name_of
from bookstore.catalog.reader_models import AuthorOut, OwnReviewOut, ReviewIn, ReviewOut
from bookstore.catalog.sales import bought
from bookstore.clock import now, rfc3339
from bookstore.database import Connection, Row, connection, execute, fetch_one, transaction
from bookstore.errors import Forbidden, NotFound
from bookstore.fields import PageQuery
from bookstore.identity import User
from bookstore.ids import new_id
from bookstore.pages import listed, newest_first


def write_review(work_id: str, review: ReviewIn, *, by: User, at: datetime | None = None) -> dict[str, Any]:
    """Give the reader's review of a work, or replace it; return it as JSON. A hidden one stays hidden.

    Raises NotFound for a work that never was, and Forbidden for somebody who did not buy it.
    """

    def work(db: Connection) -> Row:
        if not fetch_one(db, "SELECT id FROM works WHERE id = %s", [work_id]):
            raise NotFound("There is no such work.")
        if not bought(db, by.id, work_id):
            raise Forbidden(
                "Only who bought a work, and kept it, may review it."
                " A purchase counts soon after paying, cash on delivery after shipping."
            )
        execute(
            db,
            "INSERT INTO reviews (id, work_id, user_id, user_name, rating, text, created_at, updated_at)"
            " VALUES (%(id)s, %(work)s, %(user)s, %(name)s, %(rating)s, %(text)s, %(at)s, %(at)s)"
            " ON DUPLICATE KEY UPDATE"
            " updated_at = IF(NOT withdrawn AND rating = %(rating)s AND BINARY text <=> %(text)s, updated_at, %(at)s),"
            " user_name = %(name)s, rating = %(rating)s, text = %(text)s, withdrawn = FALSE",
            {
                "id": new_id(),
                "work": work_id,
                "user": by.id,
                "name": name_of(db, by),
                "rating": review.rating,
                "text": review.text,
                "at": at or now(),
            },
        )
        ratings.weigh(db, work_id, by.id, counts=True)
        return _own(db, work_id, by)

    return own_view(transaction("catalog", work)).model_dump(exclude_none=True)


def withdraw_review(work_id: str, *, by: User) -> None:
    """Take the reader's review of a work back. Raises NotFound when there is none."""

    def work(db: Connection) -> None:
        if not execute(
            db,
            "UPDATE reviews SET withdrawn = TRUE, text = NULL WHERE user_id = %s AND work_id = %s AND NOT withdrawn",
            [by.id, work_id],
        ):
            raise NotFound("You have not reviewed this work.")
        ratings.weigh(db, work_id, by.id, counts=False)

    transaction("catalog", work)


def get_review(work_id: str, *, by: User) -> dict[str, Any]:
    """The reader's own review of a work as JSON, and whether others see it. Raises NotFound when there is none."""
    return own_view(_own(connection("catalog"), work_id, by)).model_dump(exclude_none=True)


def list_reviews(work_id: str, query: PageQuery) -> dict[str, Any]:
    """A page of the reviews of a work that are shown, the newest first, as JSON."""
    select = "SELECT * FROM reviews WHERE work_id = %s AND counted > 0"
    rows, cursor = newest_first(connection("catalog"), select, [work_id], query)
    return listed((ReviewOut(**_columns(row)) for row in rows), cursor)


def own_view(row: Row) -> OwnReviewOut:
    """A review as its writer sees it."""
    return OwnReviewOut(**_columns(row), status=_status(row), reason=row["hidden_reason"])


def _status(row: Row) -> Literal["shown", "withdrawn", "hidden", "not_bought"]:
    if row["withdrawn"]:
        return "withdrawn"
    if row["hidden_reason"]:
        return "hidden"
    return "shown" if row["counted"] else "not_bought"


def _own(db: Connection, work_id: str, by: User) -> Row:
    row = fetch_one(db, "SELECT * FROM reviews WHERE user_id = %s AND work_id = %s AND NOT withdrawn", [by.id, work_id])
    if row is None:
        raise NotFound("You have not reviewed this work.")
    return row


def _columns(row: Row) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("id", "work_id", "rating", "text")},
        "author": AuthorOut(name=row["user_name"]),
        "created_at": rfc3339(row["created_at"]),
        "updated_at": rfc3339(row["updated_at"]),
    }
