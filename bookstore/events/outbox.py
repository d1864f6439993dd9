"""The outbox: an event is committed with the change that it tells of, and the relay publishes it afterwards."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bookstore.database import Connection, execute_many
from bookstore.events.envelope import Event
from bookstore.events.payloads import check
from bookstore.ids import new_id
from bookstore.proofs import Check

MOST_IN_A_MESSAGE = 100
"""With the longest titles that is a quarter of a megabyte."""


def append(db: Connection, event: Event) -> None:
    """Record the event in the caller's transaction.

    Raises ValueError when its data are not what its type promises; nobody would be able to read it.
    """
    append_all(db, [event])


def append_all(db: Connection, events: Sequence[Event]) -> None:
    """Record events in the caller's transaction, in one statement; neighbours of one type go out as one message.

    A message costs outbox, relay, broker and connector as much whether it holds one event or a hundred.
    """
    for event in events:
        check(event)
    execute_many(
        db,
        "INSERT INTO outbox (event_id, type, traceparent, body) VALUES (%s, %s, %s, %s)",
        list(_messages(events)),
    )


def _messages(events: Sequence[Event]) -> Iterator[tuple[str, str, str, str]]:
    for kind, neighbours in groupby(events, key=lambda event: event.type):
        alike = list(neighbours)
        for start in range(0, len(alike), MOST_IN_A_MESSAGE):
            first, *others = alike[start : start + MOST_IN_A_MESSAGE]
            bodies = [event.to_json().decode() for event in (first, *others)]
            body = f"[{','.join(bodies)}]" if others else bodies[0]
            yield new_id() if others else first.id, kind, first.trace, body


ALL_PUBLISHED = Check(
    "every event is published",
    "SELECT event_id AS id FROM outbox WHERE published_at IS NULL AND created_at < %(late)s",
)
