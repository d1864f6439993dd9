"""The offers of works: which listing stands for a work in a list of works."""

from collections.abc import Sequence

from bookstore.catalog import records
from bookstore.catalog.models import BookOut
from bookstore.database import Connection, fetch_all


def best_offers(db: Connection, work_ids: Sequence[str]) -> dict[str, BookOut]:
    """For each work that is offered the listing that is to be had for least; one that is sold out when all are."""
    if not work_ids:
        return {}
    rows = fetch_all(
        db,
        f"SELECT {records.LISTED} FROM books WHERE work_id IN %s"  # noqa: S608
        " ORDER BY stock = 0 DESC, price_cents DESC, id DESC",
        [list(work_ids)],
    )
    # The last one of a work stays: the best.
    return {row["work_id"]: records.shown(row) for row in rows}
