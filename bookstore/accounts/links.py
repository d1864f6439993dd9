"""Links in mails that prove that their reader gets the mail: made when it is sent, kept as a hash, used once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookstore.accounts.settings import shop_url
from bookstore.accounts.tokens import digest
from bookstore.database import Connection, execute, fetch_one
from bookstore.errors import InvalidFields, NotFound

RESET, VERIFY = "reset_password", "verify_email"
LIFETIMES = {RESET: timedelta(hours=1), VERIFY: timedelta(days=7)}
"""How long the links of mails of a kind are good; other kinds have none."""


@dataclass(frozen=True)
class Link:
    """Where the shop takes the proof."""

    url: str
    expires_at: datetime


@dataclass(frozen=True)
class Proof:
    """What somebody proves who has a link: that they get the mails to this user at this address."""

    user_id: str
    email: str


def make_link(db: Connection, kind: str, proof: Proof, *, at: datetime) -> Link:
    """Make a link of one of the kinds; others to the same user stay good. Raises NotFound when the account is gone."""
    token, expires_at = secrets.token_urlsafe(32), at + LIFETIMES[kind]
    # Who is deleting the account is waited for.
    made = execute(
        db,
        "INSERT INTO mailed_tokens (digest, kind, user_id, email, expires_at)"
        " SELECT %s, %s, id, %s, %s FROM users WHERE id = %s LOCK IN SHARE MODE",
        [digest(token), kind, proof.email, expires_at, proof.user_id],
    )
    if not made:
        raise NotFound("There is no such account any more.")
    return Link(f"{shop_url()}/{kind.replace('_', '-')}?token={token}", expires_at)


def read_link(db: Connection, kind: str, token: str, *, at: datetime) -> Proof:
    """What a link's token proves. Raises InvalidFields when it was used, has expired or never was."""
    row = fetch_one(
        db,
        "SELECT user_id, email FROM mailed_tokens WHERE digest = %s AND kind = %s AND expires_at > %s",
        [digest(token), kind, at],
    )
    if row is None:
        raise _useless()
    return Proof(row["user_id"], row["email"])


def use_link(db: Connection, kind: str, token: str, *, at: datetime) -> Proof:
    """Take the proof of a link in the caller's transaction; nobody can use it again. Raises InvalidFields."""
    proof = read_link(db, kind, token, at=at)
    if not execute(db, "DELETE FROM mailed_tokens WHERE digest = %s", [digest(token)]):
        raise _useless()
    return proof


def cancel_links(db: Connection, user_id: str, *kinds: str) -> None:
    """Make the links of some kinds that a user has got useless, in the caller's transaction."""
    execute(db, "DELETE FROM mailed_tokens WHERE user_id = %s AND kind IN %s", [user_id, kinds])


def _useless() -> InvalidFields:
    return InvalidFields.one("token", "has been used, has expired, or never was good: ask for a new link")
