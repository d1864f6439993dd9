"""A seller's books: list, add, edit without overwriting what one has not seen, delete."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from client.api import Answer, ApiError, Call, at
from client.forms import Form
from client.forms.book import API_NAMES, FIELDS, from_api, to_api
from client.identity import require_user, send, send_as_user
from client.pages import see_other, settings

pages = Blueprint("selling", __name__, url_prefix="/selling")

PAGE = 50
STALE = 412
SAID_IN_THE_FORM = {400, 409, 413}


@pages.get("/books")
def books() -> str:
    """List the seller's books, the newest first."""
    query = {"seller": require_user()["id"], "sort": "newest", "limit": PAGE, "cursor": request.args.get("cursor", "")}
    found = send(Call("GET", "/books", {name: value for name, value in query.items() if value})).body
    return render_template("my_books.html", books=found["items"], following=found["next_cursor"])


@pages.get("/books/new")
def new() -> str:
    """Ask for what a listing needs."""
    require_user()
    return render_template("book_form.html", form=Form({"condition": "new", "stock": "1"}), book=None)


@pages.post("/books/new")
def create() -> Response | tuple[str, int]:
    """Put the book on sale and show it."""
    form = Form(request.form)
    answer = _saved(Call("POST", "/books"), form)
    if not answer:
        return render_template("book_form.html", form=form, book=None), 400
    flash("Your book is on sale.", "ok")
    return see_other(url_for("books.book", book_id=answer.body["id"]))


@pages.get("/books/<book_id>/edit")
def edit(book_id: str) -> str:
    """Show the listing as it is, to be changed."""
    found = _own(book_id)
    form = Form({**from_api(found.body), "etag": found.etag})
    return render_template("book_form.html", form=form, book=found.body)


@pages.post("/books/<book_id>/edit")
def change(book_id: str) -> Response | tuple[str, int]:
    """Keep the changes, unless the listing changed meanwhile: then both versions are shown."""
    form = Form(request.form)
    try:
        saved = _saved(Call("PUT", at("books", book_id), if_match=form.text("etag")), form)
    except ApiError as error:
        if error.status != STALE:
            raise
        return _both_versions(book_id, form), STALE
    if not saved:
        return render_template("book_form.html", form=form, book=_own(book_id).body), 400
    flash("Your changes are saved.", "ok")
    return see_other(url_for(".books"))


def _saved(call: Call, form: Form) -> Answer | None:
    """Send the form's listing; None when something in it is wrong and said."""
    body = to_api(form, settings().currency)
    if form.errors:
        return None
    try:
        return send_as_user(Call(call.method, call.path, body=body, if_match=call.if_match))
    except ApiError as error:
        if error.is_open:
            form.fail("", "We do not know yet whether it was saved. Look at your books, then try again from here.")
        elif error.status in SAID_IN_THE_FORM:
            form.take(error, API_NAMES)
        else:
            raise
        return None


def _both_versions(book_id: str, form: Form) -> str:
    """The form as typed, beside what the listing is now; saving it again replaces that."""
    now = _own(book_id)
    theirs = from_api(now.body)
    differences = [
        {"name": name, "label": label, "typed": form.text(name), "now": theirs[name]}
        for name, label in FIELDS.items()
        if form.text(name).replace("\r\n", "\n") != theirs[name].strip()
    ]
    form.values["etag"] = now.etag
    return render_template("book_form.html", form=form, book=now.body, differences=differences)


@pages.get("/books/<book_id>/delete")
def confirm_delete(book_id: str) -> str:
    """Ask whether the listing is really to be deleted."""
    found = _own(book_id)
    return render_template("delete.html", book=found.body, etag=found.etag)


@pages.post("/books/<book_id>/delete")
def delete(book_id: str) -> Response:
    """Delete the listing that was shown; one that changed meanwhile is shown again first, and one gone is gone."""
    try:
        send_as_user(Call("DELETE", at("books", book_id), if_match=request.form.get("etag", "")))
    except ApiError as error:
        if error.status == STALE:
            flash("The book changed while you were looking at it. Look again.", "warn")
            return see_other(url_for(".confirm_delete", book_id=book_id))
        if error.status != 404:
            raise
    flash("The book is deleted.", "ok")
    return see_other(url_for(".books"))


def _own(book_id: str) -> Answer:
    """The listing, if the shopper may change it; raises ApiError as for one that does not exist."""
    person = require_user()
    found = send(Call("GET", at("books", book_id)))
    seller: dict[str, Any] = found.body["seller"]
    if seller["id"] != person["id"] and person["role"] != "admin":
        raise ApiError(404, "There is no such book.")
    return found
