"""What buyers think of a work: read it, say it, take it back, report what should not be shown.

A page is about a book, as the shop's pages are; the reviews are those of its work, whoever sells it.
"""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from client.api import ApiError, Call, at
from client.forms import Form
from client.identity import delete_as_user, require_user, send, send_as_user
from client.pages import local_path, see_other
from client.vocabulary import STARS

pages = Blueprint("reviews", __name__)

PAGE = 20


@pages.get("/books/<book_id>/reviews")
def read(book_id: str) -> str:
    """Show all reviews, a page at a time, the newest first."""
    book = _book(book_id)
    query = {"limit": PAGE, "cursor": request.args.get("cursor", "")}
    call = Call("GET", at("works", book["work_id"], "reviews"), {name: value for name, value in query.items() if value})
    found = send(call).body
    return render_template("reviews.html", book=book, reviews=found["items"], following=found["next_cursor"])


@pages.get("/books/<book_id>/review")
def edit(book_id: str) -> str:
    """Ask for stars and words, or show those given before."""
    require_user()
    book = _book(book_id)
    own = _own(book)
    form = Form({"rating": str(own["rating"]), "text": own.get("text", "")} if own else {})
    return render_template("review_form.html", book=book, form=form, own=own)


@pages.post("/books/<book_id>/review")
def save(book_id: str) -> Response | tuple[str, int]:
    """Keep the review; who did not buy the book is told so beside what they typed."""
    book, form = _book(book_id), Form(request.form)
    if form.text("rating") not in STARS:
        form.fail("rating", "Choose how many stars you give it.")
    if not form.errors:
        try:
            return _saved(book, form)
        except ApiError as error:
            _explain(error, form)
    return render_template("review_form.html", book=book, form=form, own=None), 400


def _saved(book: dict[str, Any], form: Form) -> Response:
    review = {"rating": int(form.text("rating")), "text": form.prose("text") or None}
    body = {name: value for name, value in review.items() if value is not None}
    saved = send_as_user(Call("PUT", at("works", book["work_id"], "review"), body=body)).body
    flash("Your review is saved.", "ok")
    # The form's page tells why others do not see it.
    shown = saved["status"] == "shown"
    return see_other(url_for("books.book" if shown else ".edit", book_id=book["id"]))


def _explain(error: ApiError, form: Form) -> None:
    if error.is_open:
        form.fail("", "We do not know yet whether your review was saved. Send it again: it will not appear twice.")
    elif error.status in {400, 403}:
        form.take(error)
    else:
        raise error


@pages.get("/books/<book_id>/review/withdraw")
def confirm_withdraw(book_id: str) -> Response | str:
    """Ask whether the review is really to be taken back, if there is one."""
    require_user()
    book = _book(book_id)
    if not _own(book):
        return see_other(url_for(".edit", book_id=book_id))
    return render_template("withdraw.html", book=book)


@pages.post("/books/<book_id>/review/withdraw")
def withdraw(book_id: str) -> Response:
    """Take the review back; one that is gone already is taken back."""
    delete_as_user(at("works", _book(book_id)["work_id"], "review"))
    flash("Your review is taken back.", "ok")
    return see_other(url_for("books.book", book_id=book_id))


@pages.post("/reviews/<review_id>/report")
def report(review_id: str) -> Response:
    """Tell the admins why a review should not be shown, and go back to where it stands."""
    back = see_other(local_path(request.form.get("next")))
    try:
        reason = request.form.get("reason", "").strip()
        send_as_user(Call("POST", at("reviews", review_id, "report"), body={"reason": reason}))
    except ApiError as error:
        if error.status not in {400, 404}:
            raise
        told = {
            400: "Say in a few words why the review should not be shown.",
            404: "That review is not shown any more.",
        }
        flash(told[error.status], "warn")
        return back
    flash("Thank you. An administrator looks at the review.", "ok")
    return back


def _book(book_id: str) -> dict[str, Any]:
    book: dict[str, Any] = send(Call("GET", at("books", book_id))).body
    return book


def _own(book: dict[str, Any]) -> dict[str, Any] | None:
    """The shopper's own review of a book's work, if there is one."""
    try:
        review: dict[str, Any] = send_as_user(Call("GET", at("works", book["work_id"], "review"))).body
    except ApiError as error:
        if error.status != 404:
            raise
        return None
    return review
