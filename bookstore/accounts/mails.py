"""Mails to people: written in the transaction of what they tell of, read by admins, sent by `sending`."""

from datetime import datetime
from typing import Any

from bookstore.accounts.models import MailOut, MailsQuery
from bookstore.accounts.pages import newest_first
from bookstore.clock import now, rfc3339
from bookstore.database import Connection, Row, connection, execute, fetch_all, fetch_one
from bookstore.ids import new_id

LINK = "[The link is here in the mail that is sent.]"
"""Stands in the text where the sent mail has a link that lets its reader in: no list and no backup holds one."""
_SELECT = (
    "SELECT id, user_id, recipient, kind, subject, text, status, attempts, problem, sent_at, created_at FROM mails"
)


def write(db: Connection, *, user_id: str | None, recipient: str, kind: str, subject: str, text: str) -> str:
    """Write a mail in the caller's transaction, and return its id. It goes out within seconds of the commit.

    `kind` is a word for its reason, such as `wish_available`. Without a mail server it is only kept.
    """
    mail_id, at = new_id(), now()
    execute(
        db,
        "INSERT INTO mails (id, user_id, recipient, kind, subject, text, next_at, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [mail_id, user_id, recipient, kind, subject, text, at, at],
    )
    return mail_id


def list_mails(query: MailsQuery) -> dict[str, Any]:
    """A page of mails, the newest first, as JSON."""
    given = {"recipient": query.recipient, "user_id": query.user, "kind": query.kind, "status": query.status}
    return newest_first(connection("accounts"), _SELECT, given, query, shown)


def mails_of(db: Connection, user_id: str) -> list[dict[str, Any]]:
    """All mails to a user, as JSON."""
    return [shown(row) for row in fetch_all(db, f"{_SELECT} WHERE user_id = %s ORDER BY id", [user_id])]


def mails_since(db: Connection, user_id: str, kind: str, since: datetime) -> int:
    """How many mails of a kind were written to a user since a moment."""
    found = fetch_one(
        db,
        "SELECT COUNT(*) AS n FROM mails WHERE user_id = %s AND kind = %s AND created_at > %s",
        [user_id, kind, since],
    )
    return int(found["n"]) if found else 0


def shown(row: Row) -> dict[str, Any]:
    """A mail as the API shows it, as JSON."""
    copied = ("id", "user_id", "recipient", "kind", "subject", "text", "status", "attempts", "problem")
    return MailOut(
        **{name: row[name] for name in copied},
        sent_at=row["sent_at"] and rfc3339(row["sent_at"]),
        created_at=rfc3339(row["created_at"]),
    ).model_dump(exclude_none=True)
