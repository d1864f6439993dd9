"""Keep the stock that the catalog shows in step with what is left to order."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bookstore.catalog import waiting
from bookstore.clock import now
from bookstore.database import Connection, connection, execute, transaction
from bookstore.events.envelope import Event, newest


def sync_catalog(*events: Event, at: datetime | None = None) -> None:
    """Show the stock that `stock.changed` events tell of, and tell those who wait for a copy.

    An event known already or older than the last changes nothing. A book that is no longer listed needs no stock. The
    version of the stock tells known events: no inbox is needed. Those who wait are told of how things stand, in
    transactions of their own, by these events come again if not by their first coming.
    """
    told = {event.subject: event for event in newest(events)}
    transaction("catalog", partial(_show, events=list(told.values())))
    to_be_had = [book_id for book_id, event in told.items() if event.data["available"]]
    for book_id, work_id in waiting.awaited(connection("catalog"), to_be_had).items():
        tell = partial(waiting.tell, work_id=work_id, trace=told[book_id].trace, at=at or now())
        transaction("catalog", tell)


def _show(db: Connection, events: Sequence[Event]) -> None:
    told = [{"id": event.subject, "stock": event.data["available"], "version": event.version} for event in events]
    execute(
        db,
        # The books' keys are found only by what is written as they are.
        "UPDATE JSON_TABLE(%s, '$[*]' COLUMNS (id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin PATH '$.id',"
        " stock INT PATH '$.stock', version INT PATH '$.version')) AS told STRAIGHT_JOIN books USING (id)"
        " SET books.stock = told.stock, books.stock_version = told.version WHERE books.stock_version < told.version",
        [json.dumps(told)],
    )


def restore(book_id: str, left: int, *, version: int, seen: int) -> None:
    """Show what is left of a book whatever its version, unless the copy `seen` to be wrong has changed."""
    execute(
        connection("catalog"),
        "UPDATE books SET stock = %s, stock_version = %s WHERE id = %s AND stock_version = %s",
        [left, version, book_id, seen],
    )
