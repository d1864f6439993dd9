"""Bestsellers: the works of which buyers paid for, and kept, most copies lately."""

from datetime import datetime, timedelta
from typing import Any

from bookstore.catalog.offers import best_offers
from bookstore.catalog.reader_models import BestsellerOut, BestsellersQuery
from bookstore.catalog.sales import TO_OTHERS
from bookstore.clock import now
from bookstore.database import connection, fetch_all
from bookstore.pages import listed


def list_bestsellers(query: BestsellersQuery, *, at: datetime | None = None) -> dict[str, Any]:
    """The works that sold most in the last days, of those that somebody offers, as JSON.

    What was returned does not count, nor what is only promised, nor what sellers ordered of themselves. Between two
    that sold alike, the one that is known for longer comes first.
    """
    db = connection("catalog")
    rows = fetch_all(
        db,
        f"SELECT work_id, SUM(kept) AS sold FROM sales WHERE captured_at >= %s AND work_id IS NOT NULL AND {TO_OTHERS}"  # noqa: S608
        " GROUP BY work_id HAVING sold > 0 AND EXISTS (SELECT 1 FROM books WHERE books.work_id = sales.work_id)"
        " ORDER BY sold DESC, work_id LIMIT %s",
        [(at or now()) - timedelta(days=query.days), query.limit],
    )
    offers = best_offers(db, [row["work_id"] for row in rows])
    items = [
        BestsellerOut(sold=int(row["sold"]), book=offers[row["work_id"]]) for row in rows if row["work_id"] in offers
    ]
    return listed(items, None)
