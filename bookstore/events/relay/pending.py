"""The relay's side of the outbox table: what waits, what is done, what may go."""

from collections.abc import Iterable
from dataclasses import dataclass

from bookstore.database import Connection, execute, fetch_all, fetch_one

_IDLE_SECONDS = 30
DELETED_AT_ONCE = 500


@dataclass(frozen=True)
class Message:
    """An event, or a batch of them, as it goes to the broker; `row` is its place in the outbox."""

    row: int
    event_id: str
    type: str
    traceparent: str
    body: str


@dataclass(frozen=True)
class Backlog:
    """How many messages wait, and since when the oldest does, in seconds."""

    messages: int
    oldest: float


def become_the_only_relay(db: Connection, *, wait: float) -> bool:
    """Take the lock that one relay holds for as long as it is connected; False when another kept it for `wait` seconds.

    A relay that vanished without a word loses its session, and so the lock, when it was silent for 30 s.
    """
    execute(db, "SET SESSION wait_timeout = %s", [_IDLE_SECONDS])
    taken = fetch_one(db, "SELECT GET_LOCK(CONCAT('relay-', DATABASE()), %s) AS taken", [wait])
    return taken is not None and taken["taken"] == 1


def pending(db: Connection, limit: int) -> list[Message]:
    """The oldest committed events that no broker has confirmed."""
    sql = "SELECT id, event_id, type, traceparent, body FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT %s"
    return [Message(*row.values()) for row in fetch_all(db, sql, [limit])]


def mark_published(db: Connection, rows: Iterable[int]) -> None:
    """Note that the broker has these events on its disk."""
    ids = list(rows)
    if ids:
        execute(db, "UPDATE outbox SET published_at = CURRENT_TIMESTAMP(6) WHERE id IN %s", [ids])


def delete_published(db: Connection, *, older_than: float) -> int:
    """Delete a small batch of rows published more than `older_than` seconds ago; return how many went."""
    sql = (
        "DELETE FROM outbox WHERE published_at < CURRENT_TIMESTAMP(6) - INTERVAL %s SECOND"
        " ORDER BY published_at LIMIT %s"
    )
    return execute(db, sql, [older_than, DELETED_AT_ONCE])


def backlog(db: Connection) -> Backlog:
    """How much waits to be published."""
    sql = (
        "SELECT COUNT(*) AS messages,"
        " COALESCE(TIMESTAMPDIFF(MICROSECOND, MIN(created_at), CURRENT_TIMESTAMP(6)), 0) / 1e6 AS oldest"
        " FROM outbox WHERE published_at IS NULL"
    )
    row = fetch_one(db, sql) or {"messages": 0, "oldest": 0}
    return Backlog(int(row["messages"]), float(row["oldest"]))
