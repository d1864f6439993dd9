"""What has a limit for each user is added to by one request of a user's after the other, so that the limit is exact.

A domain that uses this has a table `turns` with a row for each of these users.
"""

from collections.abc import Callable
from typing import TypeVar

from bookstore.database import Connection, Domain, connection, execute, fetch_one, transaction

T = TypeVar("T")


def in_turn(domain: Domain, user_id: str, work: Callable[[Connection], T]) -> T:
    """Run `work` as `transaction` does, once whoever else is at work for this user has committed or given up."""
    # Committed by itself: were it undone with the work, those who wait for it would get in each other's way.
    execute(
        connection(domain),
        "INSERT INTO turns (user_id) VALUES (%s) ON DUPLICATE KEY UPDATE user_id = user_id",
        [user_id],
    )

    def held(db: Connection) -> T:
        fetch_one(db, "SELECT user_id FROM turns WHERE user_id = %s FOR UPDATE", [user_id])
        return work(db)

    return transaction(domain, held)


def forget_turns(db: Connection, user_id: str) -> None:
    """Forget a user who is gone."""
    execute(db, "DELETE FROM turns WHERE user_id = %s", [user_id])
