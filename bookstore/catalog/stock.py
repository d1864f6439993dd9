"""Keep the stock that the catalog shows in step with what is left to order."""

from datetime import datetime

from bookstore.catalog import waiting
from bookstore.clock import now
from bookstore.database import Connection, execute, transaction
from bookstore.events.envelope import Event


def sync_catalog(event: Event, *, at: datetime | None = None) -> None:
    """Show the stock that a `stock.changed` event tells of, and tell those who wait for a copy.

    An event known already or older than the last changes nothing. A book that is no longer listed needs no stock. The
    version of the stock tells known events: no inbox is needed.
    """
    transaction("catalog", lambda db: _take_in(db, event, at or now()))


def _take_in(db: Connection, event: Event, at: datetime) -> None:
    newer = execute(
        db,
        "UPDATE books SET stock = %s, stock_version = %s WHERE id = %s AND stock_version < %s",
        [event.data["available"], event.version, event.subject, event.version],
    )
    if newer and event.data["available"] and (work_id := waiting.awaited(db, event.subject)):
        waiting.tell(db, work_id, trace=event.trace, at=at)
