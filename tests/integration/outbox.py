"""What a domain has told, whatever messages it goes out in."""

from bookstore.database import Connection, fetch_all
from bookstore.events.envelope import Event


def told(db: Connection, kind: str = "%") -> list[Event]:
    """The events written since the beginning, of a type or of all."""
    rows = fetch_all(db, "SELECT body FROM outbox WHERE type LIKE %s ORDER BY id", [kind])
    return [event for row in rows for event in Event.all_from_json(row["body"])]
