"""Somebody's name and address. A new address counts once a link that was mailed to it is used.

The other domains hear of a new name, for they show it: a listing is under its seller's, a review under its writer's.
"""

from datetime import datetime, timedelta
from typing import Any

from bookstore.accounts import letters, users
from bookstore.accounts.letters import post
from bookstore.accounts.links import RESET, VERIFY, cancel_links, use_link
from bookstore.accounts.mails import mails_since
from bookstore.accounts.models import EmailProof, ProfileChange
from bookstore.accounts.sign_in import knows_password
from bookstore.accounts.users import Account
from bookstore.clock import now
from bookstore.database import Connection, connection, execute, transaction
from bookstore.errors import Conflict, InvalidFields, TooManyRequests
from bookstore.events.envelope import Event
from bookstore.events.outbox import append
from bookstore.identity import User

MOST_MAILS, WINDOW = 5, timedelta(hours=1)


def update_profile(change: ProfileChange, *, user: User, trace: str, at: datetime | None = None) -> dict[str, Any]:
    """Change the name at once, and the address when it is confirmed; return the user as JSON.

    Raises InvalidFields for a wrong password, EmailTaken, and TooManyRequests.
    """
    moment, db = at or now(), connection("accounts")
    account = users.own(db, user)
    if change.email and change.password and not knows_password(db, account, account.email, change.password, at=moment):
        raise InvalidFields.one("password", "is not your password")

    def work(db: Connection) -> dict[str, Any]:
        if change.name and _rename(db, account.id, change.name):
            append(db, renamed_event(users.own(db, user), trace))
        if change.email:
            _move_to(db, account, change.email, moment)
        return users.shown(users.own(db, user))

    return transaction("accounts", work)


def request_verification(*, user: User, at: datetime | None = None) -> None:
    """Mail a new link to the address that is to be confirmed. Raises Conflict when there is none."""

    def work(db: Connection) -> None:
        account = users.own(db, user)
        if account.email_verified_at and not account.pending_email:
            raise Conflict("Your e-mail address is confirmed already.")
        _ask_to_confirm(db, account, account.pending_email or account.email, at or now())

    transaction("accounts", work)


def verify_email(proof: EmailProof, *, at: datetime | None = None) -> None:
    """Take it that mails to an address arrive; a pending one takes the place of the old one.

    Raises InvalidFields for a link that is not good, and EmailTaken when the address has another account by now.
    """
    moment = at or now()

    def work(db: Connection) -> None:
        found = use_link(db, VERIFY, proof.token, at=moment)
        account = users.find(db, found.user_id)
        if account is None or account.disabled_at or found.email not in (account.email, account.pending_email):
            raise InvalidFields.one("token", "is not good any more: the account has changed")
        # IGNORE: of two who confirm one address, the second changes nothing.
        confirmed = execute(
            db,
            "UPDATE IGNORE users SET email = %s, email_verified_at = %s, pending_email = NULLIF(pending_email, %s)"
            " WHERE id = %s",
            [found.email, moment, found.email, account.id],
        )
        if not confirmed:
            raise users.EmailTaken
        if found.email != account.email:
            cancel_links(db, account.id, RESET, VERIFY)
            post(db, letters.EMAIL_CHANGED, account)

    transaction("accounts", work)


def renamed_event(account: Account, trace: str) -> Event:
    """What is told of somebody who is called as their account says."""
    data = {"user_id": account.id, "name": account.name, "version": account.name_version}
    return Event(type="user.renamed", subject=account.id, version=account.name_version, data=data, trace=trace)


def _rename(db: Connection, user_id: str, name: str) -> bool:
    """Keep a name and count it, if it is another one to the letter: small and capital are equal to the database."""
    renamed = execute(
        db,
        "UPDATE users SET name = %s, name_version = name_version + 1 WHERE id = %s AND BINARY name <> %s",
        [name, user_id, name],
    )
    return bool(renamed)


def _move_to(db: Connection, account: Account, email: str, at: datetime) -> None:
    pending = None if email == account.email else email
    execute(db, "UPDATE users SET pending_email = %s WHERE id = %s", [pending, account.id])
    if pending:
        if users.find_by_email(db, pending):
            raise users.EmailTaken
        _ask_to_confirm(db, account, pending, at)


def _ask_to_confirm(db: Connection, account: Account, email: str, at: datetime) -> None:
    if mails_since(db, account.id, VERIFY, at - WINDOW) >= MOST_MAILS:
        raise TooManyRequests(
            "Enough mails were sent to confirm your address. Wait before the next one.",
            retry_after=int(WINDOW.total_seconds()),
        )
    post(db, letters.WELCOME, account, to=email)
