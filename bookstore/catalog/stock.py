"""Keep the stock that the catalog shows in step with what is left to order."""

from bookstore.database import connection, execute
from bookstore.events.envelope import Event


def sync_catalog(event: Event) -> None:
    """Show the stock that a `stock.changed` event tells of; one known already or older than the last changes nothing.

    A book that is no longer listed needs no stock. The version of the stock tells known events: no inbox is needed.
    """
    execute(
        connection("catalog"),
        "UPDATE books SET stock = %s, stock_version = %s WHERE id = %s AND stock_version < %s",
        [event.data["available"], event.version, event.subject, event.version],
    )


def restore(book_id: str, left: int, *, version: int, seen: int) -> None:
    """Show what is left of a book whatever its version, unless the copy `seen` to be wrong has changed."""
    execute(
        connection("catalog"),
        "UPDATE books SET stock = %s, stock_version = %s WHERE id = %s AND stock_version = %s",
        [left, version, book_id, seen],
    )
