"""Sessions: a refresh token is used once, for the next one. One that is used again has been copied."""

import hashlib
import secrets
from datetime import datetime, timedelta

from bookstore.accounts import users
from bookstore.accounts.models import SessionOut, SignedInUserOut
from bookstore.accounts.tokens import LIFETIME, issue_access_token
from bookstore.accounts.users import Account
from bookstore.clock import now, utc
from bookstore.database import Connection, Row, connection, execute, fetch_one, transaction
from bookstore.errors import Unauthorized
from bookstore.ids import new_id

REFRESH_LIFETIME = timedelta(days=30)
# Two tabs renew at once, or an answer is lost: that is no theft.
GRACE = timedelta(seconds=30)


def start_session(db: Connection, account: Account, *, at: datetime) -> SessionOut:
    """Open a session in the caller's transaction; the account's expired ones are removed."""
    family_id = new_id()
    execute(db, "DELETE FROM token_families WHERE user_id = %s AND expires_at < %s", [account.id, at])
    execute(
        db,
        "INSERT INTO token_families (id, user_id, expires_at) VALUES (%s, %s, %s)",
        [family_id, account.id, at + REFRESH_LIFETIME],
    )
    return _issue(db, account, family_id, at)


def refresh_session(refresh_token: str, *, at: datetime | None = None) -> SessionOut:
    """Take a refresh token and give new tokens. A token used again within 30 s gives a sibling.

    Raises Unauthorized for a token that is unknown, expired, or used longer ago; the latter ends its whole session.
    """
    moment = at or now()
    session = transaction("accounts", lambda db: _renew(db, _digest(refresh_token), moment))
    if session is None:
        raise Unauthorized("The session has ended: sign in again.")
    return session


def end_session(refresh_token: str, *, at: datetime | None = None) -> None:
    """End the session that a refresh token belongs to; it may have ended before."""
    execute(
        connection("accounts"),
        "UPDATE token_families SET revoked_at = %s WHERE revoked_at IS NULL"
        " AND id = (SELECT family_id FROM refresh_tokens WHERE digest = %s)",
        [at or now(), _digest(refresh_token)],
    )


def end_sessions_of(db: Connection, user_id: str, *, at: datetime) -> None:
    """End every session of a user in the caller's transaction."""
    execute(db, "UPDATE token_families SET revoked_at = %s WHERE user_id = %s AND revoked_at IS NULL", [at, user_id])


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
    execute(db, "UPDATE token_families SET expires_at = %s WHERE id = %s", [expires, family_id])
    execute(
        db,
        "INSERT INTO refresh_tokens (digest, family_id, expires_at) VALUES (%s, %s, %s)",
        [_digest(refresh_token), family_id, expires],
    )
    return SessionOut(
        access_token=issue_access_token(account, at=at),
        refresh_token=refresh_token,
        expires_in=int(LIFETIME.total_seconds()),
        user=SignedInUserOut(id=account.id, email=account.email, name=account.name, role=account.role),
    )


def _digest(refresh_token: str) -> str:
    return hashlib.sha256(refresh_token.encode()).hexdigest()
