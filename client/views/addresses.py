"""A shopper's saved addresses: list, add, correct, delete. Orders keep the addresses that they were placed with."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from client.addresses import parts, saved_addresses
from client.api import ApiError, Call, at
from client.forms import Form
from client.forms.checkout import ADDRESS, address
from client.identity import delete_as_user, require_user, send_as_user
from client.pages import see_other

pages = Blueprint("addresses", __name__, url_prefix="/account/addresses")


@pages.get("")
def show() -> str:
    """List them, the newest first."""
    return render_template("addresses.html", addresses=[(entry["id"], parts(entry)) for entry in saved_addresses()])


@pages.get("/new")
def new() -> str:
    """Ask for an address."""
    return render_template("address_form.html", form=Form({"name": require_user()["name"]}))


@pages.post("/new")
def create() -> Response | tuple[str, int]:
    """Save it."""
    return _saved("POST", "/users/me/addresses")


@pages.get("/<address_id>")
def edit(address_id: str) -> str:
    """Show an address to be corrected."""
    found: dict[str, Any] | None = next((entry for entry in saved_addresses() if entry["id"] == address_id), None)
    if not found:
        raise ApiError(404, "There is no such address.")
    return render_template("address_form.html", form=Form(parts(found)))


@pages.post("/<address_id>")
def change(address_id: str) -> Response | tuple[str, int]:
    """Replace it."""
    return _saved("PUT", at("users", "me", "addresses", address_id))


@pages.post("/<address_id>/delete")
def delete(address_id: str) -> Response:
    """Delete it; one that is gone is deleted."""
    delete_as_user(at("users", "me", "addresses", address_id))
    flash("The address is deleted.", "ok")
    return see_other(url_for(".show"))


def _saved(method: str, path: str) -> Response | tuple[str, int]:
    """Send the typed address; show the form again when something in it is wrong."""
    form = Form(dict.fromkeys(ADDRESS, "") | request.form.to_dict())
    body = address(form)
    if not form.errors:
        try:
            send_as_user(Call(method, path, body=body))
            flash("The address is saved.", "ok")
            return see_other(url_for(".show"))
        except ApiError as error:
            if error.is_open:
                form.fail(
                    "", "We do not know yet whether it was saved. Look at your addresses, then try again from here."
                )
            elif error.status in {400, 409}:
                form.take(error)
            else:
                raise
    return render_template("address_form.html", form=form), 400
