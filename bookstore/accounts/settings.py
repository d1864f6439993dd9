"""What an operator may set for accounts, read once."""

import os
from functools import cache

from bookstore.secrets import secret

NO_SERVER = "none"


@cache
def shop_url() -> str:
    """SHOP_URL: where the shop is found, for the links in mails. Default http://localhost:8000."""
    return os.environ.get("SHOP_URL", "http://localhost:8000").rstrip("/")


@cache
def mail_from() -> str:
    """MAIL_FROM: whom mails come from. Default `Bookstore <no-reply@bookstore.example>`."""
    return os.environ.get("MAIL_FROM", "Bookstore <no-reply@bookstore.example>")


def smtp_url() -> str | None:
    """The mail server, as smtp://user:password@host:587 or smtps://…; None when there is none.

    A secret, because a password is in it.
    """
    found = secret("smtp-url")
    return None if found == NO_SERVER else found
