"""People with accounts, for stories about them."""

import re
from typing import Any

from bookstore.accounts.first_admin import ensure_admin
from bookstore.database import Connection, fetch_all, fetch_one
from tests.handlers import Answer, call

Json = dict[str, Any]
ADMIN = {"email": "admin@bookstore.example", "password": "a password of the operator"}
PASSWORD = "correct horse battery"


def register(name: str = "ada", password: str = PASSWORD) -> Json:
    """A new user's session."""
    return call("register", {"email": address(name), "password": password, "name": name.title()}).body


def address(name: str) -> str:
    """Where somebody gets their mails."""
    return f"{name}@example.com"


def sign_in(name: str = "ada", password: str = PASSWORD) -> Answer:
    """Somebody's try to sign in."""
    return call("login", {"email": address(name), "password": password})


def first_admin() -> Json:
    """The first admin's session."""
    ensure_admin(**ADMIN)
    return call("login", ADMIN).body


def lives(session: Json) -> bool:
    """Whether a session can be renewed."""
    return call("refresh-token", {"refresh_token": session["refresh_token"]}).status == 200


def mails_to(db: Connection, name: str) -> list[str]:
    """The kinds of the mails that were written to somebody."""
    rows = fetch_all(db, "SELECT kind FROM mails WHERE recipient = %s ORDER BY id", [address(name)])
    return [row["kind"] for row in rows]


def count(db: Connection, table: str, condition: str = "TRUE") -> int:
    """The rows of a table that meet a condition."""
    row = fetch_one(db, f"SELECT COUNT(*) AS n FROM {table} WHERE {condition}")
    assert row
    return int(row["n"])


def token_in(text: str) -> str:
    """The token of the link in a mail or an answer."""
    found = re.search(r"\?token=([\w-]+)", text)
    assert found, text
    return found[1]
