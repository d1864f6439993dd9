"""The checkout: place the order, then pay it, in one form; and the page for paying an order that still waits."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from client.addresses import in_one_line, parts, save_address, saved_addresses
from client.api import ApiError, Call, at
from client.basket import Basket, reprice
from client.forms import Form
from client.forms.checkout import delivery
from client.identity import require_user, send_as_user
from client.money import money
from client.pages import basket, keep_basket, see_other, settings
from client.payments import blank_secrets, drafted, keep_draft, new_key, pay, payment_body
from client.views.basket import refresh_basket, sold_now

pages = Blueprint("checkout", __name__)

OTHER_BODY = 422  # The key is known with another order: the first attempt got through.


@pages.get("/checkout")
def show() -> Response | str:
    """Ask for delivery and payment, with today's prices."""
    require_user()
    notices = refresh_basket(sold_now(basket()))
    if not basket().lines:
        for notice in notices:
            flash(notice, "warn")
        return see_other(url_for("basket.show"))
    saved = _saved()
    whereto = {"address_id": saved[0]["id"], "name": require_user()["name"]} if saved else _last_address()
    form = Form({"delivery": "standard", "payment": "card", **whereto, "key": new_key(), "pay_key": new_key()})
    return _page(form, basket(), notices, saved)


@pages.post("/checkout")
def place() -> Response | tuple[str, int]:
    """Place the order that the page showed and pay it; a repetition with the same key finds the same order."""
    require_user()
    form = Form(request.form)
    shown = Basket.unpack(form.text("lines"))
    if not shown.lines:
        return see_other(url_for("basket.show"))
    wanted, paying = delivery(form), payment_body(form)
    if form.errors:
        return _page(form, shown), 400
    try:
        call = Call("POST", "/orders", body={"items": _items(shown), "delivery": wanted}, key=form.text("key"))
        order = send_as_user(call).body
    except ApiError as error:
        return _not_placed(error, form, shown)
    keep_basket(basket().without(line.book_id for line in shown.lines))
    if order["total_cents"] != shown.total_cents + _fees()[wanted["method"]]:
        flash("The total of your order differs from the one you saw. Check it, then pay.", "warn")
        following = keep_draft(order["id"], form)
    else:
        following = pay(order["id"], paying, form)
    if form.text("save_address") and "address" in wanted:
        _keep_address(wanted["address"])
    return see_other(following)


def _keep_address(address: Mapping[str, str]) -> None:
    """Save the address for the next time; the order is placed, with or without."""
    try:
        save_address(address)
    except ApiError as error:
        flash(f"Your address is not saved. {error}", "warn")


def _items(shown: Basket) -> list[dict[str, Any]]:
    return [
        {"book_id": line.book_id, "quantity": line.quantity, "price_cents": line.price_cents} for line in shown.lines
    ]


def _not_placed(error: ApiError, form: Form, shown: Basket) -> Response | tuple[str, int]:
    """Show the checkout again with the reason, and with a new key unless the order may have been placed."""
    if error.is_open:
        form.fail("", "We have no answer about your order yet. Send it again: it will not be placed twice.")
        return _page(form, shown), 503
    form.values["key"] = new_key()
    if error.status == 400:
        form.take(error, {"delivery.method": "delivery"})
        return _page(form, shown), 400
    if error.status == OTHER_BODY:
        flash("Your first attempt was placed already: here are your orders.", "warn")
        return see_other(url_for("orders.bought"))
    if error.status != 409:
        raise error
    current, notices = reprice(shown, sold_now(shown))
    if not current.lines:
        return see_other(url_for("basket.show"))
    form.fail("", f"{error} Nothing was ordered: look at the summary and send it again.")
    return _page(form, current, notices), 409


def _page(
    form: Form, shown: Basket, notices: list[str] | None = None, saved: list[dict[str, Any]] | None = None
) -> str:
    blank_secrets(form)
    choices = {entry["id"]: in_one_line(entry) for entry in (_saved() if saved is None else saved)}
    fees = {method: money(cents, settings().currency) if cents else "Free" for method, cents in _fees().items()}
    if choices:
        choices[""] = "Another address"
    return render_template("checkout.html", form=form, shown=shown, fees=fees, notices=notices or [], saved=choices)


def _saved() -> list[dict[str, Any]]:
    """The shopper's saved addresses; without them the address is typed."""
    try:
        return saved_addresses()
    except ApiError:
        return []


def _fees() -> Mapping[str, int]:
    return settings().delivery_cents


def _last_address() -> dict[str, str]:
    """Where the shopper's last order went, so that nobody types an address twice."""
    person = {"name": require_user()["name"]}
    try:
        orders = send_as_user(Call("GET", "/orders", {"role": "buyer", "limit": 5})).body["items"]
    except ApiError:
        return person
    addresses = [order["delivery"].get("address") for order in orders]
    return next((parts(address) for address in addresses if address), person)


@pages.get("/orders/<order_id>/pay")
def pay_page(order_id: str) -> Response | str:
    """Ask how to pay an order that waits for it."""
    order = send_as_user(Call("GET", at("orders", order_id))).body
    if order["status"] != "pending":
        return see_other(url_for("orders.show", order_id=order_id))
    return render_template("pay.html", order=order, form=drafted(order_id))


@pages.post("/orders/<order_id>/pay")
def pay_now(order_id: str) -> Response:
    """Pay; the next page shows what came of it."""
    form = Form(request.form)
    body = payment_body(form)
    if form.errors:
        return see_other(keep_draft(order_id, form, key=form.text("pay_key")))
    return see_other(pay(order_id, body, form))
