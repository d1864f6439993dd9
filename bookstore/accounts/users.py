"""People's accounts: kept, found, listed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bookstore.accounts.models import UserOut, UsersOut, UsersQuery
from bookstore.clock import rfc3339
from bookstore.database import Connection, Row, connection, execute, fetch_all, fetch_one
from bookstore.errors import Conflict, Unauthorized
from bookstore.identity import User
from bookstore.ids import new_id

Role = Literal["user", "admin"]
_COLUMNS = "id, email, name, role, password_hash, created_at"


@dataclass(frozen=True)
class Account:
    """A person's account."""

    id: str
    email: str
    name: str
    role: Role
    password_hash: str
    created_at: datetime


class EmailTaken(Conflict):
    """There is an account with this address already."""

    def __init__(self) -> None:
        super().__init__("There is an account with this e-mail address already. Sign in instead.")
        self.errors = [{"field": "email", "message": "has an account already"}]


def add(db: Connection, *, email: str, name: str, role: Role, password_hash: str, at: datetime) -> Account:
    """Keep a new account. Raises EmailTaken."""
    account = Account(new_id(), email, name, role, password_hash, at)
    added = execute(
        db,
        "INSERT INTO users (id, email, name, role, password_hash, created_at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON DUPLICATE KEY UPDATE id = id",
        [account.id, email, name, role, password_hash, at],
    )
    if not added:
        raise EmailTaken
    return account


def find(db: Connection, user_id: str) -> Account | None:
    """The account with an id."""
    row = fetch_one(db, f"SELECT {_COLUMNS} FROM users WHERE id = %s", [user_id])  # noqa: S608
    return Account(**row) if row else None


def find_by_email(db: Connection, email: str) -> Account | None:
    """The account with an address, which is in lower case."""
    row = fetch_one(db, f"SELECT {_COLUMNS} FROM users WHERE email = %s", [email])  # noqa: S608
    return Account(**row) if row else None


def profile(user: User) -> dict[str, Any]:
    """The user's own account, as JSON. Raises Unauthorized when it is gone."""
    row = fetch_one(connection("accounts"), f"SELECT {_COLUMNS} FROM users WHERE id = %s", [user.id])  # noqa: S608
    if not row:
        raise Unauthorized("This account does not exist any more.")
    return _view(row).model_dump()


def list_users(query: UsersQuery) -> dict[str, Any]:
    """A page of all users, the newest first, with the cursor of the next page, as JSON."""
    rows = fetch_all(
        connection("accounts"),
        # An id begins with the time it was made, so it is the order of the list and the cursor into it.
        f"SELECT {_COLUMNS} FROM users WHERE id < %s ORDER BY id DESC LIMIT %s",  # noqa: S608
        [query.cursor or "~", query.limit + 1],
    )
    page = rows[: query.limit]
    more = len(rows) > query.limit
    return UsersOut(items=[_view(row) for row in page], next_cursor=page[-1]["id"] if more else None).model_dump()


def _view(row: Row) -> UserOut:
    shown = {name: row[name] for name in ("id", "email", "name", "role")}
    return UserOut(**shown, created_at=rfc3339(row["created_at"]))
