"""Keep the stock that the catalog shows in step with what is left to order."""

from datetime import datetime

from bookstore.catalog import waiting
from bookstore.clock import now
from bookstore.database import connection, execute, transaction
from bookstore.events.envelope import Event


def sync_catalog(event: Event, *, at: datetime | None = None) -> None:
    """Show the stock that a `stock.changed` event tells of, and tell those who wait for a copy.

    An event known already or older than the last changes nothing. A book that is no longer listed needs no stock. The
    version of the stock tells known events: no inbox is needed. Nor is a transaction: those who wait are told of how
    things stand, by this event come again if not by its first coming.
    """
    db = connection("catalog")
    execute(
        db,
        "UPDATE books SET stock = %s, stock_version = %s WHERE id = %s AND stock_version < %s",
        [event.data["available"], event.version, event.subject, event.version],
    )
    if event.data["available"] and (work_id := waiting.awaited(db, event.subject)):
        transaction("catalog", lambda db: waiting.tell(db, work_id, trace=event.trace, at=at or now()))


def restore(book_id: str, left: int, *, version: int, seen: int) -> None:
    """Show what is left of a book whatever its version, unless the copy `seen` to be wrong has changed."""
    execute(
        connection("catalog"),
        "UPDATE books SET stock = %s, stock_version = %s WHERE id = %s AND stock_version = %s",
        [left, version, book_id, seen],
    )
