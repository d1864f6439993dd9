"""Reviews that readers report, and what admins decide about them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bookstore.catalog import ratings
from bookstore.catalog.reader_models import (
    ModeratedOut,
    Moderation,
    ReportedQuery,
    ReportOut,
)
from bookstore.catalog.reviews import own_view
from bookstore.catalog.sales import bought
from bookstore.clock import now, rfc3339
from bookstore.database import Connection, Row, connection, execute, fetch_all, fetch_one, transaction
from bookstore.errors import NotFound
from bookstore.events.acts import announce_act
from bookstore.identity import User
from bookstore.pages import listed, newest_first

MOST_REPORTS = 20
"""How many reports of a review are shown; more of them would not help to decide."""

_WHICH = {
    "reported": "EXISTS (SELECT 1 FROM review_reports WHERE review_id = reviews.id)",
    "hidden": "hidden_reason IS NOT NULL",
}


def report_review(review_id: str, reason: str, *, by: User, at: datetime | None = None) -> None:
    """Tell the admins that a review should not be shown; whoever reports it again gives another reason.

    Raises NotFound for a review that is not shown.
    """

    def work(db: Connection) -> None:
        if not fetch_one(db, "SELECT id FROM reviews WHERE id = %s AND counted > 0", [review_id]):
            raise NotFound("There is no such review.")
        execute(
            db,
            "INSERT INTO review_reports (review_id, user_id, reason, at) VALUES (%(review)s, %(user)s, %(reason)s,"
            " %(at)s) ON DUPLICATE KEY UPDATE reason = %(reason)s",
            {"review": review_id, "user": by.id, "reason": reason, "at": at or now()},
        )

    transaction("catalog", work)


def moderate_review(review_id: str, moderation: Moderation, *, by: User, trace: str) -> dict[str, Any]:
    """Hide a review or show it, for a reason that its writer can read; return it as JSON.

    The reports so far are settled by it. Raises NotFound.
    """

    def work(db: Connection) -> dict[str, Any]:
        review = _review(db, review_id)
        counts = bought(db, review["user_id"], review["work_id"])
        execute(
            db,
            "UPDATE reviews SET hidden_reason = %s WHERE id = %s",
            [moderation.reason if moderation.hidden else None, review_id],
        )
        ratings.weigh(db, review["work_id"], review["user_id"], counts=counts)
        act = "hide_review" if moderation.hidden else "show_review"
        announce_act(db, "catalog", by, act, ("review", review_id), trace=trace, reason=moderation.reason)
        execute(db, "DELETE FROM review_reports WHERE review_id = %s", [review_id])
        return _seen_by_admins(db, [_review(db, review_id)])[0].model_dump(exclude_none=True)

    return transaction("catalog", work)


def list_moderated(query: ReportedQuery) -> dict[str, Any]:
    """A page of the reviews that wait for a decision or were hidden, the newest first, as JSON.

    Each has its newest reports, and how many there are.
    """
    db = connection("catalog")
    select = f"SELECT * FROM reviews WHERE {_WHICH[query.status]} AND NOT withdrawn"  # noqa: S608
    rows, cursor = newest_first(db, select, [], query)
    return listed(_seen_by_admins(db, rows), cursor)


def _review(db: Connection, review_id: str) -> Row:
    row = fetch_one(db, "SELECT * FROM reviews WHERE id = %s", [review_id])
    if row is None:
        raise NotFound("There is no such review.")
    return row


def _seen_by_admins(db: Connection, rows: Sequence[Row]) -> list[ModeratedOut]:
    reports = _newest_reports(db, [row["id"] for row in rows])
    return [
        ModeratedOut(
            **own_view(row).model_dump(),
            user_id=row["user_id"],
            reports=[
                ReportOut(user_id=report["user_id"], reason=report["reason"], at=rfc3339(report["at"]))
                for report in reports[row["id"]]
            ],
            report_count=reports[row["id"]][0]["count"] if reports[row["id"]] else 0,
        )
        for row in rows
    ]


def _newest_reports(db: Connection, review_ids: Sequence[str]) -> defaultdict[str, list[Row]]:
    """The reports to be shown of some reviews, by the review; `count` is how many it has in all."""
    reports: defaultdict[str, list[Row]] = defaultdict(list)
    if not review_ids:
        return reports
    rows = fetch_all(
        db,
        "SELECT * FROM (SELECT review_reports.*, COUNT(*) OVER (PARTITION BY review_id) AS count,"
        " ROW_NUMBER() OVER (PARTITION BY review_id ORDER BY at DESC, user_id) AS place"
        " FROM review_reports WHERE review_id IN %s) AS numbered WHERE place <= %s ORDER BY place",
        [review_ids, MOST_REPORTS],
    )
    for row in rows:
        reports[row["review_id"]].append(row)
    return reports
