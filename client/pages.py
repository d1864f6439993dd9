"""What every page shares: the words and pictures templates use, the basket's cookie, where a form leads back to."""

import re
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, current_app, g, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from client import identity, vocabulary
from client.basket import Basket
from client.covers import cover, fingerprint
from client.money import money, plain
from client.settings import Settings

BASKET_COOKIE, THEME_COOKIE = "basket", "theme"
YEAR = 365 * 24 * 3600
THEMES = ("light", "dark")
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def settings() -> Settings:
    """The running shop's settings."""
    found: Settings = current_app.extensions["settings"]
    return found


def local_path(path: str | None, default: str = "/") -> str:
    """The path if it stays in this shop, else `default`: nobody is led away by a link that begins here."""
    return path if path and _LOCAL.fullmatch(path) else default


def see_other(path: str) -> AnyResponse:
    """Lead on from a form, so that reloading the next page sends nothing again."""
    return redirect(path, 303)


def basket() -> Basket:
    """The shopper's basket, as this request leaves it."""
    if "basket" not in g:
        g.basket = Basket.unpack(request.cookies.get(BASKET_COOKIE, ""))
    found: Basket = g.basket
    return found


def keep_basket(changed: Basket) -> None:
    """Send the changed basket along with the answer to this request."""
    g.basket, g.basket_changed = changed, True


def authors(book: dict[str, Any]) -> str:
    """The authors' names in one line; whoever else made the book when it names no author."""
    people = book["contributors"]
    named = [entry["name"] for entry in people if entry["role"] == "author"] or [entry["name"] for entry in people]
    return ", ".join(named)


def cover_url(book: dict[str, Any]) -> str:
    """The address of a book's cover: its seller's, or one that changes with what is drawn on it."""
    if (own := str(book.get("cover_url", ""))).startswith("/api/"):
        return own
    name = fingerprint(book["title"], authors(book))
    return url_for("books.cover_file", book_id=book["id"], name=name)


def picture(book: dict[str, Any]) -> Markup:
    """A book's cover for a list: its seller's in small, or drawn."""
    address = cover_url(book)
    if address.startswith("/api/"):
        return Markup('<img src="{}&amp;size=small" width="240" height="360" alt="" loading="lazy">').format(address)
    return cover(book["title"], authors(book))


def moment(text: str) -> Markup:
    """A time of the API's (RFC 3339, UTC) for readers; a script shows it in the reader's own time zone."""
    at = datetime.fromisoformat(text)
    shown = f"{at.day} {at:%B %Y, %H:%M} UTC"
    return Markup('<time datetime="{}">{}</time>').format(text, shown)


def time_left(text: str) -> str:
    """How long it is until a time of the API's, in words."""
    minutes = round((datetime.fromisoformat(text) - datetime.now(UTC)).total_seconds() / 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute"


def without(values: dict[str, str], name: str) -> dict[str, str]:
    """The values but one."""
    return {kept: value for kept, value in values.items() if kept != name}


def register(app: Flask) -> None:
    """Give these to the templates, and keep a changed basket in its cookie."""
    app.jinja_env.filters.update(
        authors=authors,
        moment=moment,
        money=money,
        plain=plain,
        subject=vocabulary.subject,
        time_left=time_left,
        without=without,
    )
    app.jinja_env.globals.update(picture=picture, cover_url=cover_url, words=vocabulary)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_surroundings)
    app.after_request(_send_basket)


def _surroundings() -> dict[str, Any]:
    theme = request.cookies.get(THEME_COOKIE)
    return {"user": identity.user(), "basket": basket(), "theme": theme if theme in THEMES else "", "shop": settings()}


def _send_basket(response: Response) -> Response:
    if g.get("basket_changed"):
        response.set_cookie(
            BASKET_COOKIE, basket().pack(), max_age=YEAR, secure=request.is_secure, httponly=True, samesite="Lax"
        )
    return response
