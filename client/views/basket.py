"""The basket's page, and putting books in."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from client.api import ApiError, Call, at
from client.basket import MOST_COPIES, MOST_LINES, Basket, reprice
from client.identity import send, send_all
from client.pages import basket, keep_basket, local_path, see_other

pages = Blueprint("basket", __name__)


@pages.get("/basket")
def show() -> str:
    """Show what is in the basket at today's prices, and say what changed since the shopper saw it."""
    books = sold_now(basket())
    notices = refresh_basket(books)
    return render_template("basket.html", books=books, notices=notices)


def sold_now(wanted: Basket) -> dict[str, dict[str, Any]]:
    """The books of a basket that are still sold, by id. Raises ApiError when that cannot be known."""
    books = {}
    answers = send_all([Call("GET", at("books", line.book_id), fresh=True) for line in wanted.lines])
    for line, answer in zip(wanted.lines, answers, strict=True):
        if not isinstance(answer, ApiError):
            books[line.book_id] = answer.body
        elif answer.status not in {400, 404}:
            raise answer
    return books


def refresh_basket(books: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Bring the shopper's basket up to date with its books; return what changed."""
    current, notices = reprice(basket(), books)
    if current != basket():
        keep_basket(current)
    return notices


@pages.post("/basket/add")
def add() -> Response:
    """Put a book in and go back to where the shopper chose it."""
    book = send(Call("GET", at("books", request.form.get("book_id", "")), fresh=True)).body
    before = basket().quantity(book["id"])
    back = _back_to(book["id"])
    if basket().is_full and not before:
        flash(f"Your basket is full: it holds {MOST_LINES} different books. Place this order first.", "warn")
        return see_other(back)
    changed = basket().add(book, _copies(request.form.get("quantity"), 1))
    keep_basket(changed)
    added = changed.quantity(book["id"]) - before
    if added > 0:
        flash(f"“{book['title']}” is in your basket.", "ok")
    else:
        flash(f"No more copies of “{book['title']}” are left.", "warn")
    return see_other(back)


def _back_to(book_id: str) -> str:
    """The list that the book was chosen from, at its place in it; from elsewhere, the basket."""
    return f"{local_path(request.form['next'])}#b-{book_id}" if request.form.get("next") else url_for(".show")


@pages.post("/basket")
def update() -> Response:
    """Change quantities, take a book out, or go on to the checkout with the quantities as typed."""
    typed = {
        name.removeprefix("quantity-"): _copies(value, 0)
        for name, value in request.form.items()
        if name.startswith("quantity-") and value.strip().isdecimal()
    }
    removed = request.form.get("remove", "")
    keep_basket(basket().with_quantities(typed).without([removed]))
    return see_other(url_for("checkout.show") if "checkout" in request.form else url_for(".show"))


def _copies(text: str | None, default: int) -> int:
    """A typed number of copies, within what a basket takes."""
    number = (text or "").strip()
    return min(int(number[:9]), MOST_COPIES) if number.isdecimal() else default
