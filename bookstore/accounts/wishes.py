"""Mails to readers who wait for a book: the effect of `wish.available` events."""

from collections.abc import Mapping
from typing import Any

from bookstore.accounts import users
from bookstore.accounts.letters import Letter, post
from bookstore.accounts.settings import shop_url
from bookstore.database import Connection, transaction
from bookstore.events.envelope import Event
from bookstore.events.inbox import first_time
from bookstore.money import written

_CONSUMER = "mail-wish"


def mail_wish(event: Event) -> None:
    """Write to whoever waits that there is a copy, once; somebody without an account, or disabled, gets nothing."""

    def work(db: Connection) -> None:
        account = users.find(db, event.data["user_id"])
        if first_time(db, _CONSUMER, event.id) and account and not account.disabled_at:
            post(db, _letter(event.data), account)

    transaction("accounts", work)


def _letter(wish: Mapping[str, Any]) -> Letter:
    title, price = wish["title"], written(wish["price_cents"], wish["currency"])
    return Letter(
        "wish_available",
        f"There is a copy for you: {title}",
        f"You asked to be told when there is a copy of\n\n    {title}\n\nThere is one now, for {price}:\n\n"
        f"{shop_url()}/books/{wish['book_id']}\n\nFor a while nobody else on the list is told of it, but it is not"
        " reserved: whoever orders first has it.\n",
    )
