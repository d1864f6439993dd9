"""What people are called: the newest name that accounts have told of, which comes before the one in a token.

A token is up to ten minutes old, an import as old as its beginning. Whoever puts something under a name holds the
person until it is there: so a renaming at the same moment comes first, and its name is taken, or it finds what was put
there.
"""

from dataclasses import replace

from bookstore.database import Connection, Row, execute, fetch_one
from bookstore.identity import User

GONE = 2**31 - 1
"""The version of who has left, as it stands without a name: none is newer."""


def name_of(db: Connection, user: User) -> str | None:
    """What somebody is called, which stays so until the caller's transaction ends; None when their account is gone.

    While accounts have told nothing it is what the token says.
    """
    known = _hold(db, user.id)
    if known is None:
        # Where there is no row there is nothing to hold.
        execute(db, "INSERT INTO people (user_id) VALUES (%s) ON DUPLICATE KEY UPDATE user_id = user_id", [user.id])
        known = _hold(db, user.id)
    return known["name"] if known and known["version"] else user.name


def named(db: Connection, seller: User) -> User:
    """A seller under the name that `name_of` tells.

    Who has left keeps the token's, which counts for minutes: what they list now is taken off when it is told once more
    that they are gone.
    """
    return replace(seller, name=name_of(db, seller) or seller.name)


def keep_name(db: Connection, user_id: str, name: str | None, version: int) -> None:
    """Keep what somebody is called, or that nobody is called so any more, unless something newer is known."""
    execute(
        db,
        "INSERT INTO people (user_id, name, version) VALUES (%s, %s, %s) ON DUPLICATE KEY UPDATE"
        # The version last: the name is decided on by the one that was there.
        " name = IF(VALUES(version) > version, VALUES(name), name), version = GREATEST(version, VALUES(version))",
        [user_id, name, version],
    )


def replace_name(db: Connection, user_id: str, name: str, version: int, *, seen: int) -> None:
    """Keep what somebody is called although a newer name is known, if that is still the one that was `seen`."""
    execute(
        db,
        "UPDATE people SET name = %s, version = %s WHERE user_id = %s AND version = %s",
        [name, version, user_id, seen],
    )


def is_newest(db: Connection, user_id: str, version: int) -> bool:
    """Whether nothing newer is known of somebody, and will not be before the caller's transaction ends."""
    known = _hold(db, user_id)
    return known is not None and known["version"] == version


def _hold(db: Connection, user_id: str) -> Row | None:
    return fetch_one(db, "SELECT name, version FROM people WHERE user_id = %s LOCK IN SHARE MODE", [user_id])
