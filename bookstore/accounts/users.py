"""People's accounts: kept, found, listed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookstore.accounts.models import Role, UserOut, UsersQuery
from bookstore.accounts.pages import newest_first
from bookstore.clock import rfc3339
from bookstore.database import Connection, connection, execute, fetch_one
from bookstore.errors import Conflict, Unauthorized
from bookstore.identity import User
from bookstore.ids import new_id

_SELECT = (
    "SELECT id, email, name, role, password_hash, created_at, email_verified_at, pending_email, disabled_at,"
    " name_version FROM users"
)


@dataclass(frozen=True)
class Account:
    """A person's account; `name_version` counts the names that they have had."""

    id: str
    email: str
    name: str
    role: Role
    password_hash: str
    created_at: datetime
    email_verified_at: datetime | None = None
    pending_email: str | None = None
    disabled_at: datetime | None = None
    name_version: int = 1


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
    row = fetch_one(db, f"{_SELECT} WHERE id = %s", [user_id])
    return Account(**row) if row else None


def find_by_email(db: Connection, email: str) -> Account | None:
    """The account with an address, which is in lower case."""
    row = fetch_one(db, f"{_SELECT} WHERE email = %s", [email])
    return Account(**row) if row else None


def own(db: Connection, user: User) -> Account:
    """The account of whoever is signed in, whose token may have outlived it. Raises Unauthorized."""
    account = find(db, user.id)
    if account is None or account.disabled_at:
        raise Unauthorized("This account does not exist any more, or was disabled.")
    return account


def profile(user: User) -> dict[str, Any]:
    """The user's own account, as JSON. Raises Unauthorized when it is gone."""
    return shown(own(connection("accounts"), user))


def list_users(query: UsersQuery) -> dict[str, Any]:
    """A page of users, the newest first, with the cursor of the next page, as JSON."""
    given = {"email": query.email, "role": query.role, "(disabled_at IS NOT NULL)": query.disabled}
    return newest_first(connection("accounts"), _SELECT, given, query, lambda row: shown(Account(**row)))


def shown(account: Account) -> dict[str, Any]:
    """An account as the API shows it, as JSON."""
    return UserOut(
        id=account.id,
        email=account.email,
        email_verified=account.email_verified_at is not None,
        pending_email=account.pending_email,
        name=account.name,
        role=account.role,
        disabled=account.disabled_at is not None,
        created_at=rfc3339(account.created_at),
    ).model_dump(exclude_none=True)
