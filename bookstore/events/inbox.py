"""The inbox: an event that is delivered again has no second effect."""

import random

from bookstore.database import Connection, execute

KEPT_DAYS = 30
_CLEANED_EVERY = 500
_CLEANED_AT_ONCE = 1_000


def first_time(db: Connection, consumer: str, event_id: str) -> bool:
    """Note that a consumer takes in an event, in the caller's transaction; False when it already did.

    A second delivery at the same moment waits until the first has committed or rolled back.
    """
    _forget_now_and_then(db)
    noted = execute(
        db,
        "INSERT INTO inbox (consumer, event_id) VALUES (%s, %s) ON DUPLICATE KEY UPDATE event_id = event_id",
        [consumer, event_id],
    )
    return noted == 1


def _forget_now_and_then(db: Connection) -> None:
    if random.randrange(_CLEANED_EVERY) == 0:  # noqa: S311
        execute(
            db,
            "DELETE FROM inbox WHERE received_at < CURRENT_TIMESTAMP(6) - INTERVAL %s DAY LIMIT %s",
            [KEPT_DAYS, _CLEANED_AT_ONCE],
        )
