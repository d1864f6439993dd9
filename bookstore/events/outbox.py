"""The outbox: an event is committed with the change that it tells of, and the relay publishes it afterwards."""

from bookstore.database import Connection, execute
from bookstore.events.envelope import Event
from bookstore.events.payloads import check
from bookstore.proofs import Check


def append(db: Connection, event: Event) -> None:
    """Record the event in the caller's transaction.

    Raises ValueError when its data are not what its type promises; nobody would be able to read it.
    """
    check(event)
    execute(
        db,
        "INSERT INTO outbox (event_id, type, traceparent, body) VALUES (%s, %s, %s, %s)",
        [event.id, event.type, event.trace, event.to_json().decode()],
    )


ALL_PUBLISHED = Check(
    "every event is published",
    "SELECT event_id AS id FROM outbox WHERE published_at IS NULL AND created_at < %(late)s",
)
