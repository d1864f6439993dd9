"""Keep the stock that the catalog shows in step with what is left to order."""

from bookstore.database import Connection, execute, transaction
from bookstore.events.envelope import Event
from bookstore.events.inbox import first_time

_CONSUMER = "sync-catalog"


def sync_catalog(event: Event) -> None:
    """Show the stock that a `stock.changed` event tells of; one known already or older than the last changes nothing.

    A book that is no longer listed needs no stock.
    """

    def work(db: Connection) -> None:
        if first_time(db, _CONSUMER, event.id):
            execute(
                db,
                "UPDATE books SET stock = %s, stock_version = %s WHERE id = %s AND stock_version < %s",
                [event.data["available"], event.version, event.subject, event.version],
            )

    transaction("catalog", work)
