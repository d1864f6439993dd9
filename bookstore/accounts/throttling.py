"""Too many wrong passwords for an address, and it has to wait: with or without an account, from wherever they came."""

import math
from datetime import datetime, timedelta

from bookstore.clock import utc
from bookstore.database import Connection, execute, fetch_all, transaction
from bookstore.errors import TooManyRequests

ALLOWED = 10
WINDOW = timedelta(minutes=15)
_FORGOTTEN_AT_ONCE = 100


def refuse_the_throttled(db: Connection, email: str, *, at: datetime) -> None:
    """Raise TooManyRequests when the last 15 minutes saw 10 failures, saying when the first of them is forgotten."""
    _refuse(_failures(db, email, at, ALLOWED), at)


def note_failure(db: Connection, email: str, *, at: datetime) -> None:
    """Count a wrong password. Raises TooManyRequests when ten others were counted while this one was being checked.

    Needs a connection that commits each statement: then of any number of guesses at once, ten are answered.
    """
    transaction("accounts", lambda db: _forget_old(db, at))
    execute(db, "INSERT INTO login_failures (email, failed_at) VALUES (%s, %s)", [email, at])
    found = _failures(db, email, at, ALLOWED + 1)
    if len(found) > ALLOWED:
        _refuse(found[:ALLOWED], at)


def forgive(db: Connection, email: str) -> None:
    """Forget the failures of an address whose owner is known to be there, in the caller's transaction."""
    execute(db, "DELETE FROM login_failures WHERE email = %s", [email])


def _forget_old(db: Connection, at: datetime) -> None:
    execute(db, "DELETE FROM login_failures WHERE failed_at < %s LIMIT %s", [at - WINDOW, _FORGOTTEN_AT_ONCE])


def _failures(db: Connection, email: str, at: datetime, most: int) -> list[datetime]:
    rows = fetch_all(
        db,
        "SELECT failed_at FROM login_failures WHERE email = %s AND failed_at > %s ORDER BY failed_at DESC LIMIT %s",
        [email, at - WINDOW, most],
    )
    return [utc(row["failed_at"]) for row in rows]


def _refuse(newest_first: list[datetime], at: datetime) -> None:
    if len(newest_first) >= ALLOWED:
        wait = math.ceil((newest_first[-1] + WINDOW - at).total_seconds())
        raise TooManyRequests(
            "Too many wrong passwords for this e-mail address. Wait before the next try.", retry_after=max(1, wait)
        )
