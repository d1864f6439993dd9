"""People who take their data with them, or leave for good."""

from datetime import datetime
from typing import Any

from bookstore.accounts import letters, users
from bookstore.accounts.acts import acts_on
from bookstore.accounts.administration import keep_an_admin
from bookstore.accounts.mails import mails_of, write
from bookstore.accounts.models import Leaving
from bookstore.accounts.sessions import sessions_of
from bookstore.accounts.sign_in import knows_password
from bookstore.accounts.tokens import LIFETIME
from bookstore.apart import each_apart
from bookstore.clock import now
from bookstore.database import Connection, connection, execute, fetch_all, transaction
from bookstore.errors import InvalidFields, Unauthorized
from bookstore.events.envelope import Event
from bookstore.events.outbox import append
from bookstore.identity import User

_BATCH = 100
_ELSEWHERE = [
    *("/api/users/me/data/orders", "/api/users/me/data/stock", "/api/users/me/addresses"),
    "/api/users/me/data/catalog",
]
_IN_OFFICE = ["/api/admin/acts"]


def account_data(user: User) -> dict[str, Any]:
    """Everything that accounts keep of the user, and where the rest is, as JSON."""
    db = connection("accounts")
    account = users.own(db, user)
    return {
        "user": users.shown(account),
        "sessions": sessions_of(db, user),
        "mails": mails_of(db, user.id),
        "acts": acts_on(db, user.id),
        "more": _ELSEWHERE + (_IN_OFFICE if account.role == "admin" else []),
    }


def delete_account(leaving: Leaving, *, user: User, trace: str, at: datetime | None = None) -> None:
    """Delete the user's account, and tell the other domains, which forget who they were.

    Raises InvalidFields for a wrong password, and Conflict for the last admin.
    """
    moment, db = at or now(), connection("accounts")
    account = users.own(db, user)
    if not knows_password(db, account, account.email, leaving.password, at=moment):
        raise InvalidFields.one("password", "is not your password")

    def work(db: Connection) -> None:
        keep_an_admin(db, account)
        # Sessions and links go with it. Somebody who changed the password meanwhile may want to stay.
        if not execute(
            db, "DELETE FROM users WHERE id = %s AND password_hash = %s", [account.id, account.password_hash]
        ):
            raise Unauthorized("The account has changed meanwhile.")
        execute(db, "DELETE FROM mails WHERE user_id = %s", [account.id])
        write(db, user_id=None, recipient=account.email, **vars(letters.DELETED))
        execute(db, "INSERT INTO departures (user_id, left_at, trace) VALUES (%s, %s, %s)", [account.id, moment, trace])
        _tell(db, account.id, trace)

    transaction("accounts", work)


def tell_again(*, at: datetime | None = None) -> int:
    """Tell once more of those who left, when no access token of theirs counts any more; return how many they were.

    With a token they could still act in other domains after these had forgotten them.
    """
    last = (at or now()) - 2 * LIFETIME
    rows = fetch_all(
        connection("accounts"), "SELECT user_id, trace FROM departures WHERE left_at < %s LIMIT %s", [last, _BATCH]
    )
    traces = {row["user_id"]: row["trace"] for row in rows}
    return each_apart(traces, lambda user_id: _tell_last(user_id, traces[user_id]))[0]


def _tell_last(user_id: str, trace: str) -> bool:
    def work(db: Connection) -> bool:
        if not execute(db, "DELETE FROM departures WHERE user_id = %s", [user_id]):
            return False
        _tell(db, user_id, trace)
        return True

    return transaction("accounts", work)


def _tell(db: Connection, user_id: str, trace: str) -> None:
    append(db, Event(type="user.deleted", subject=user_id, version=1, data={"user_id": user_id}, trace=trace))
