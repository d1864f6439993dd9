"""People who have changed their name: what they sell and what they wrote is shown under the new one."""

from functools import partial

from bookstore.catalog import people
from bookstore.catalog.books import listing_event
from bookstore.clock import now
from bookstore.database import Connection, Row, execute, fetch_all, transaction
from bookstore.events.envelope import Event
from bookstore.events.outbox import append_all

_BATCH = 100
# By the seller's key: through all books in the order of their numbers, the others' would be held on the way.
_UNDER_ANOTHER_NAME = (
    "SELECT number, id, seller_id, title, price_cents, stock_supplied, version FROM books FORCE INDEX (books_of_seller)"
    " WHERE seller_id = %s AND number > %s AND BINARY seller_name <> %s ORDER BY number LIMIT %s FOR UPDATE"
)


def take_name(event: Event) -> None:
    """Show somebody under the name that a `user.renamed` event tells of; each listing tells of its change.

    A name older than the one that is known changes nothing, and one that a newer one overtakes goes no further.
    Interrupted or repeated, it goes on: what has the name already is left as it is.
    """
    transaction("catalog", lambda db: people.keep_name(db, event.subject, event.data["name"], event.version))
    number = 0
    while number := transaction("catalog", partial(_rename_listings, event=event, after=number)):
        pass
    transaction("catalog", partial(_rename_reviews, event=event))


def restore(event: Event, *, seen: int) -> None:
    """Take in a name whatever is known, unless the version `seen` to be wrong has changed; 0 when nothing was known."""
    name, version = event.data["name"], event.version
    transaction("catalog", lambda db: people.replace_name(db, event.subject, name, version, seen=seen))
    take_name(event)


def forget_name(db: Connection, user_id: str) -> None:
    """Leave no name of somebody who is gone on what they wrote; none that is told of later comes there."""
    people.keep_name(db, user_id, None, people.GONE)
    execute(db, "UPDATE reviews SET user_name = NULL WHERE user_id = %s", [user_id])


def _rename_listings(db: Connection, *, event: Event, after: int) -> int:
    """Rename the next listings; return the number of the last one, 0 when there is none, or the name is not the newest.

    That the name is the newest is held until they are renamed, so none gets an older name after a newer one.
    """
    if not people.is_newest(db, event.subject, event.version):
        return 0
    name = event.data["name"]
    rows = fetch_all(db, _UNDER_ANOTHER_NAME, [event.subject, after, name, _BATCH])
    if not rows:
        return 0
    execute(
        db,
        "UPDATE books SET seller_name = %s, version = version + 1, updated_at = %s WHERE id IN %s",
        [name, now(), [row["id"] for row in rows]],
    )
    append_all(db, [listing_event("book.updated", _renamed(row, name), event.trace) for row in rows])
    return int(rows[-1]["number"])


def _renamed(row: Row, name: str) -> Row:
    return row | {"seller_name": name, "version": row["version"] + 1}


def _rename_reviews(db: Connection, *, event: Event) -> None:
    if people.is_newest(db, event.subject, event.version):
        execute(
            db,
            "UPDATE reviews SET user_name = %s WHERE user_id = %s AND NOT BINARY user_name <=> %s",
            [event.data["name"], event.subject, event.data["name"]],
        )
