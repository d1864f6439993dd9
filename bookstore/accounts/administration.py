"""What admins do to users: disable, enable, make admins, hand out a link for a new password. Each act is recorded."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from bookstore.accounts import letters, users
from bookstore.accounts.acts import record_act
from bookstore.accounts.letters import post
from bookstore.accounts.links import RESET, VERIFY, Proof, cancel_links, make_link
from bookstore.accounts.models import ResetLinkOut, Role
from bookstore.accounts.sessions import end_sessions_of
from bookstore.accounts.users import Account
from bookstore.clock import now, rfc3339
from bookstore.database import Connection, execute, fetch_all, transaction
from bookstore.errors import Conflict, Forbidden, NotFound
from bookstore.identity import User

T = TypeVar("T")


def disable_user(user_id: str, *, by: User, reason: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    """Keep somebody from signing in and end their sessions; return the user as JSON. Done already, it changes nothing.

    Access tokens run out within ten minutes. Raises NotFound, and Conflict for the last admin.
    """
    moment = at or now()

    def act(db: Connection, account: Account) -> None:
        if execute(db, "UPDATE users SET disabled_at = %s WHERE id = %s AND disabled_at IS NULL", [moment, account.id]):
            end_sessions_of(db, account.id, at=moment)
            cancel_links(db, account.id, RESET, VERIFY)
            post(db, letters.DISABLED, account)
            record_act(db, by, "disable_user", account.id, at=moment, **({"reason": reason} if reason else {}))

    return _do(user_id, by, act, ends_an_admin=True)


def enable_user(user_id: str, *, by: User, reason: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    """Let somebody sign in again; return the user as JSON. Raises NotFound."""
    moment = at or now()

    def act(db: Connection, account: Account) -> None:
        if execute(db, "UPDATE users SET disabled_at = NULL WHERE id = %s AND disabled_at IS NOT NULL", [account.id]):
            post(db, letters.ENABLED, account)
            record_act(db, by, "enable_user", account.id, at=moment, **({"reason": reason} if reason else {}))

    return _do(user_id, by, act)


def change_role(user_id: str, role: Role, *, by: User, at: datetime | None = None) -> dict[str, Any]:
    """Make somebody an admin, or a user again; return the user as JSON. It counts from their next access token on.

    Raises NotFound, and Conflict for the last admin.
    """

    def act(db: Connection, account: Account) -> None:
        if execute(db, "UPDATE users SET role = %s WHERE id = %s AND role <> %s", [role, account.id, role]):
            record_act(db, by, "change_role", account.id, at=at or now(), role=role)

    return _do(user_id, by, act, ends_an_admin=role != "admin")


def make_reset_link(user_id: str, *, by: User, at: datetime | None = None) -> dict[str, Any]:
    """A link for somebody to set a new password with, for an admin to hand over, as JSON: mails may not reach them.

    Raises NotFound, and Conflict for an account that is disabled.
    """
    moment = at or now()

    def work(db: Connection) -> dict[str, Any]:
        account = _target(db, user_id, by)
        if account.disabled_at:
            raise Conflict("The account is disabled: enable it first.")
        link = make_link(db, RESET, Proof(account.id, account.email), at=moment)
        record_act(db, by, "make_reset_link", account.id, at=moment)
        return ResetLinkOut(url=link.url, expires_at=rfc3339(link.expires_at)).model_dump()

    return transaction("accounts", work)


def keep_an_admin(db: Connection, account: Account) -> None:
    """Raise Conflict when there is no other admin, in the transaction that would take this one away.

    Two who would each take the other away come one after the other.
    """
    admins = fetch_all(
        db, "SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR UPDATE", []
    )
    if {row["id"] for row in admins} == {account.id}:
        raise Conflict("This is the last admin: make somebody else an admin first.")


def _do(
    user_id: str, by: User, act: Callable[[Connection, Account], None], *, ends_an_admin: bool = False
) -> dict[str, Any]:
    def work(db: Connection) -> dict[str, Any]:
        account = _target(db, user_id, by)
        if ends_an_admin:
            keep_an_admin(db, account)
        act(db, account)
        return users.shown(users.find(db, user_id) or account)

    return transaction("accounts", work)


def _target(db: Connection, user_id: str, by: User) -> Account:
    """Whom an admin acts on. The token of somebody who is no admin any more counts for nothing here."""
    if users.own(db, by).role != "admin":
        raise Forbidden("Only a user with the role 'admin' may do this.")
    account = users.find(db, user_id)
    if account is None:
        raise NotFound("There is no such user.")
    return account
