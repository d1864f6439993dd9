"""A reader's wish list: the works to be had some day, and whether to be told when there is a copy."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from client.api import ApiError, Call, at
from client.identity import delete_as_user, send_as_user
from client.pages import local_path, see_other

pages = Blueprint("wishes", __name__)

PAGE = 20
MOST_AT_ONCE = 100


@pages.get("/wishes")
def show() -> str:
    """List the shopper's wishes, the newest first."""
    found = _page(PAGE, request.args.get("cursor", ""))
    return render_template("wishes.html", wishes=found["items"], following=found["next_cursor"])


@pages.post("/wishes/<work_id>")
def wish(work_id: str) -> Response:
    """Put a work on the list and say whether to tell of copies; without a word on that, what was said before stays."""
    tell_me = request.form.get("tell_me", "")
    try:
        if tell_me or not _is_listed(work_id):
            send_as_user(Call("PUT", at("users", "me", "wishes", work_id), body={"tell_me": tell_me == "1"}))
        told = {"1": "We send you a mail when there is a copy for you.", "0": "We do not tell you of copies any more."}
        flash(told.get(tell_me, "It is on your wish list."), "ok")
    except ApiError as error:
        if error.status != 409:
            raise
        flash(str(error), "danger")
    return see_other(_back())


@pages.post("/wishes/<work_id>/remove")
def remove(work_id: str) -> Response:
    """Take a work off the list; one that is off already is off."""
    delete_as_user(at("users", "me", "wishes", work_id))
    flash("It is off your wish list.", "ok")
    return see_other(_back())


def _back() -> str:
    return local_path(request.form.get("next"), url_for(".show"))


def _page(limit: int, cursor: str | None) -> dict[str, Any]:
    query = {"limit": limit, "cursor": cursor}
    found: dict[str, Any] = send_as_user(
        Call("GET", "/users/me/wishes", {name: value for name, value in query.items() if value})
    ).body
    return found


def _is_listed(work_id: str) -> bool:
    """Whether the shopper wishes for a work already: to wish again would lose the place among those who wait."""
    cursor: str | None = ""
    while cursor is not None:
        found = _page(MOST_AT_ONCE, cursor)
        if any(entry["work_id"] == work_id for entry in found["items"]):
            return True
        cursor = found["next_cursor"]
    return False
