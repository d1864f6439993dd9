"""Paying for an order, from the checkout or from the order's own page, without ever paying twice.

A draft in the session carries what was typed to the page for paying, except the card's number and code. It keeps the
idempotency key only while the API has given no definite answer, because only the same key finds that answer.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import flash, session, url_for

from client.api import ApiError, Call, at
from client.forms import Form
from client.forms.checkout import NEVER_SHOWN_AGAIN, payment
from client.identity import send_as_user

API_NAMES = {
    "method": "payment",
    "card.number": "card_number",
    "card.expiry": "card_expiry",
    "card.cvc": "card_cvc",
    "card.name": "card_name",
    "card": "card_number",
}
FIELDS = ("payment", "card_name", "card_expiry")


def new_key() -> str:
    """A key under which the API does a thing once, however often it is asked."""
    return str(uuid.uuid4())


def payment_body(form: Form) -> dict[str, Any]:
    """The API's body for paying; what is wrong is said at its field."""
    return payment(form, datetime.now(UTC).date())


def pay(order_id: str, body: dict[str, Any], form: Form) -> str:
    """Pay under the form's key; return the path of the page that shows what came of it."""
    try:
        send_as_user(Call("POST", at("orders", order_id, "pay"), body=body, key=form.text("pay_key")))
    except ApiError as error:
        return _explain(error, order_id, form)
    session.pop("draft", None)
    flash("Thank you for your order.", "ok")
    return url_for("orders.show", order_id=order_id)


def _explain(error: ApiError, order_id: str, form: Form) -> str:
    if error.is_open:
        flash("We have no answer about your payment yet. Try again: you will not be charged twice.", "warn")
        return keep_draft(order_id, form, key=form.text("pay_key"))
    if error.status == 402:
        flash(f"{error} You were not charged, and we still hold your books.", "danger")
        return keep_draft(order_id, form)
    if error.status == 400:
        form.take(error, API_NAMES)
        return keep_draft(order_id, form)
    session.pop("draft", None)
    flash(str(error), "danger")
    return url_for("orders.show", order_id=order_id)


def keep_draft(order_id: str, form: Form, key: str = "") -> str:
    """Keep what was typed for the page for paying; return its path."""
    values = {name: form.text(name) for name in FIELDS}
    session["draft"] = {"order": order_id, "values": values, "errors": form.errors, "key": key}
    return url_for("checkout.pay_page", order_id=order_id)


def drafted(order_id: str) -> Form:
    """The form for paying an order, with what was typed before and a key."""
    draft = session.get("draft") or {}
    if draft.get("order") != order_id:
        return Form({"payment": "card", "pay_key": new_key()})
    form = Form({**draft["values"], "pay_key": draft["key"] or new_key()})
    form.errors = dict(draft["errors"])
    return form


def blank_secrets(form: Form) -> None:
    """Take the card's number and code out, before the form is shown again."""
    for name in NEVER_SHOWN_AGAIN:
        form.values.pop(name, None)
