"""Sessions: a refresh token is used once, for the next one. One that is used again has been copied."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from bookstore.accounts import users
from bookstore.accounts.models import OpenSessionOut, SessionOut, SignedInUserOut
from bookstore.accounts.pages import newest_first
from bookstore.accounts.tokens import LIFETIME, digest, issue_access_token
from bookstore.accounts.users import Account
from bookstore.clock import now, rfc3339, utc
from bookstore.database import Connection, Row, connection, execute, fetch_all, fetch_one, transaction
from bookstore.errors import Forbidden, NotFound, Unauthorized
from bookstore.fields import PageQuery
from bookstore.identity import User
from bookstore.ids import new_id

REFRESH_LIFETIME = timedelta(days=30)
# Two tabs renew at once, or an answer is lost: that is no theft.
GRACE = timedelta(seconds=30)
_SELECT = "SELECT id, started_at, renewed_at, expires_at FROM token_families"


def start_session(db: Connection, account: Account, *, at: datetime) -> SessionOut:
    """Open a session of the account as it is now, in the caller's transaction; its expired ones are removed.

    Raises Unauthorized when the account's password was changed meanwhile, and Forbidden when it is disabled.
    """
    family_id = new_id()
    execute(db, "DELETE FROM token_families WHERE user_id = %s AND expires_at < %s", [account.id, at])
    execute(
        db,
        "INSERT INTO token_families (id, user_id, expires_at, started_at, renewed_at) VALUES (%s, %s, %s, %s, %s)",
        [family_id, account.id, at + REFRESH_LIFETIME, at, at],
    )
    # Read again, now that the new row holds the account: whoever changes it next ends this session too.
    present = users.find(db, account.id)
    if present is None or present.password_hash != account.password_hash:
        raise Unauthorized("The e-mail address or the password is wrong.")
    if present.disabled_at:
        raise Forbidden("This account was disabled by an administrator.")
    return _issue(db, present, family_id, at)


def refresh_session(refresh_token: str, *, at: datetime | None = None) -> SessionOut:
    """Take a refresh token and give new tokens. A token used again within 30 s gives a sibling.

    Raises Unauthorized for a token that is unknown, expired, or used longer ago; the latter ends its whole session.
    """
    moment = at or now()
    session = transaction("accounts", lambda db: _renew(db, digest(refresh_token), moment))
    if session is None:
        raise Unauthorized("The session has ended: sign in again.")
    return session


def end_session(refresh_token: str, *, at: datetime | None = None) -> None:
    """End the session that a refresh token belongs to; it may have ended before."""
    execute(
        connection("accounts"),
        "UPDATE token_families SET revoked_at = %s WHERE revoked_at IS NULL"
        " AND id = (SELECT family_id FROM refresh_tokens WHERE digest = %s)",
        [at or now(), digest(refresh_token)],
    )


def end_sessions_of(db: Connection, user_id: str, *, at: datetime, but: str = "") -> None:
    """End every session of a user in the caller's transaction, but one if that is wanted."""
    execute(
        db,
        "UPDATE token_families SET revoked_at = %s WHERE user_id = %s AND revoked_at IS NULL AND id <> %s",
        [at, user_id, but],
    )


def end_all_sessions(user: User, *, at: datetime | None = None) -> None:
    """Sign the user out everywhere; access tokens run out within ten minutes."""
    transaction("accounts", lambda db: end_sessions_of(db, user.id, at=at or now()))


def end_own_session(user: User, session_id: str, *, at: datetime | None = None) -> None:
    """End one of the user's sessions. Raises NotFound when there is no such session that is open."""
    moment = at or now()
    ended = execute(
        connection("accounts"),
        "UPDATE token_families SET revoked_at = %s WHERE id = %s AND user_id = %s AND revoked_at IS NULL"
        " AND expires_at > %s",
        [moment, session_id, user.id, moment],
    )
    if not ended:
        raise NotFound("There is no such session.")


def list_sessions(user: User, query: PageQuery) -> dict[str, Any]:
    """A page of the user's open sessions, the newest first, as JSON."""
    given = {"user_id": user.id, "(revoked_at IS NULL)": True, "(expires_at > UTC_TIMESTAMP(6))": True}
    return newest_first(connection("accounts"), _SELECT, given, query, lambda row: _shown(row, user))


def sessions_of(db: Connection, user: User) -> list[dict[str, Any]]:
    """All sessions that are kept of the user, open or not, as JSON."""
    return [_shown(row, user) for row in fetch_all(db, f"{_SELECT} WHERE user_id = %s ORDER BY id", [user.id])]


def _shown(row: Row, user: User) -> dict[str, Any]:
    moments = {name: rfc3339(row[name]) for name in ("started_at", "renewed_at", "expires_at")}
    return OpenSessionOut(id=row["id"], current=row["id"] == user.session, **moments).model_dump()


def _renew(db: Connection, digest: str, at: datetime) -> SessionOut | None:
    token = _locked(db, digest)
    if token is None or token["revoked_at"] or utc(token["expires_at"]) <= at:
        return None
    if token["used_at"] and at - utc(token["used_at"]) > GRACE:
        # Whoever comes second, one of the two who have it should not.
        execute(db, "UPDATE token_families SET revoked_at = %s WHERE id = %s", [at, token["family_id"]])
        return None
    execute(db, "UPDATE refresh_tokens SET used_at = COALESCE(used_at, %s) WHERE digest = %s", [at, digest])
    execute(db, "DELETE FROM refresh_tokens WHERE family_id = %s AND expires_at < %s", [token["family_id"], at])
    account = users.find(db, token["user_id"])
    return _issue(db, account, token["family_id"], at) if account else None


def _locked(db: Connection, digest: str) -> Row | None:
    """The token and its family, held against everybody else who uses one of the family's tokens."""
    return fetch_one(
        db,
        "SELECT t.family_id, t.used_at, t.expires_at, f.user_id, f.revoked_at FROM refresh_tokens t"
        " JOIN token_families f ON f.id = t.family_id WHERE t.digest = %s FOR UPDATE",
        [digest],
    )


def _issue(db: Connection, account: Account, family_id: str, at: datetime) -> SessionOut:
    refresh_token, expires = secrets.token_urlsafe(32), at + REFRESH_LIFETIME
    execute(db, "UPDATE token_families SET expires_at = %s, renewed_at = %s WHERE id = %s", [expires, at, family_id])
    execute(
        db,
        "INSERT INTO refresh_tokens (digest, family_id, expires_at) VALUES (%s, %s, %s)",
        [digest(refresh_token), family_id, expires],
    )
    return SessionOut(
        access_token=issue_access_token(account, at=at, session=family_id),
        refresh_token=refresh_token,
        expires_in=int(LIFETIME.total_seconds()),
        user=SignedInUserOut(
            id=account.id,
            email=account.email,
            email_verified=account.email_verified_at is not None,
            name=account.name,
            role=account.role,
        ),
    )
