"""Orders, for whoever may see them: the buyer's, and the seller's part in somebody's."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from client.api import ApiError, Call, at
from client.identity import require_user, send_as_user
from client.pages import see_other
from client.payments import new_key

pages = Blueprint("orders", __name__)

PAGE = 20
STEPS = ("pending", "paid", "shipped")
PARCEL = ("tracking", "carrier")
OUTCOMES = {"cancel": "cancelled", "ship": "shipped", "refund": "refunded"}


@pages.get("/orders")
def bought() -> str:
    """List what the shopper ordered, the newest first."""
    return render_template("orders.html", **_orders("buyer"))


@pages.get("/selling/orders")
def sold() -> str:
    """List the orders that hold the seller's books: those to be shipped first, the oldest of them on top."""
    found = _orders("seller")
    waiting = [order for order in reversed(found["orders"]) if _to_ship(order)]
    others = [order for order in found["orders"] if not _to_ship(order)]
    return render_template("sold.html", waiting=waiting, others=others, following=found["following"])


def _orders(role: str) -> dict[str, Any]:
    query = {"role": role, "limit": PAGE, "cursor": request.args.get("cursor", "")}
    answer = send_as_user(Call("GET", "/orders", {name: value for name, value in query.items() if value})).body
    return {"orders": answer["items"], "following": answer["next_cursor"]}


def _to_ship(order: dict[str, Any]) -> bool:
    shipment = _own_shipment(order)
    return bool(shipment) and order["status"] in {"paid", "shipped"} and shipment["status"] == "open"


def _own_shipment(order: dict[str, Any]) -> dict[str, Any]:
    me = require_user()["id"]
    found: dict[str, Any] = next((entry for entry in order["shipments"] if entry["seller_id"] == me), {})
    return found


@pages.get("/orders/<order_id>")
def show(order_id: str) -> str:
    """Show an order with what its viewer can do about it."""
    order = _read(order_id)
    return render_template(
        "order.html",
        order=order,
        steps=_steps(order),
        is_buyer=order["buyer"]["id"] == require_user()["id"],
        can_cancel=_can_cancel(order),
        to_ship=_to_ship(order),
        can_correct=_own_shipment(order).get("status") == "shipped",
        can_refund=_can_refund(order),
    )


def _read(order_id: str) -> dict[str, Any]:
    order: dict[str, Any] = send_as_user(Call("GET", at("orders", order_id))).body
    return order


def _can_cancel(order: dict[str, Any]) -> bool:
    nothing_left = all(entry["status"] != "shipped" for entry in order["shipments"])
    return order["status"] == "pending" or (order["status"] == "paid" and nothing_left)


def _can_refund(order: dict[str, Any]) -> bool:
    return order["status"] in {"paid", "shipped"} and _own_shipment(order).get("status") in {"open", "shipped"}


def _steps(order: dict[str, Any]) -> list[dict[str, Any]]:
    """The stations of an order: those it passed with their time, where it stands, and those ahead of it."""
    passed = [{"status": entry["status"], "at": entry["at"]} for entry in order["history"]]
    reached = {entry["status"] for entry in passed}
    over = order["status"] in {"cancelled", "expired"}
    ahead = [] if over else [{"status": status, "at": None} for status in STEPS if status not in reached]
    return passed + ahead


@pages.get("/orders/<order_id>/cancel")
def confirm_cancel(order_id: str) -> Response | str:
    """Ask whether the order is really to be cancelled, if it still can be."""
    order = _read(order_id)
    return render_template("cancel.html", order=order) if _can_cancel(order) else see_other(_page_of(order_id))


@pages.post("/orders/<order_id>/cancel")
def cancel(order_id: str) -> Response:
    """Cancel the order."""
    return _change(order_id, "cancel", "The order is cancelled.")


@pages.post("/orders/<order_id>/ship")
def ship(order_id: str) -> Response:
    """Say that the seller's part is on its way."""
    return _change(order_id, "ship", "Marked as shipped.", _parcel())


@pages.post("/orders/<order_id>/tracking")
def correct_tracking(order_id: str) -> Response:
    """Replace how the seller's shipped parcel can be followed: what is said when shipping, said again."""
    parcel, told = _parcel(), _own_shipment(_read(order_id))
    if "tracking" not in parcel:
        flash("Enter the tracking number.", "danger")
    elif any(parcel.get(name) != told.get(name) for name in PARCEL):
        # A link of before is not sent along: it leads to the number of before.
        return _change(order_id, "ship", "The tracking number is saved.", parcel)
    return see_other(_page_of(order_id))


def _parcel() -> dict[str, str]:
    """How the parcel can be followed, as typed."""
    typed = {name: request.form.get(name, "").strip() for name in PARCEL}
    return {name: text for name, text in typed.items() if text}


@pages.get("/orders/<order_id>/refund")
def confirm_refund(order_id: str) -> Response | str:
    """Ask whether the seller's part is really to be paid back, if it still can be."""
    order = _read(order_id)
    if not _can_refund(order):
        return see_other(_page_of(order_id))
    return render_template("refund.html", order=order, key=new_key())


@pages.post("/orders/<order_id>/refund")
def refund(order_id: str) -> Response:
    """Pay the seller's part back to the buyer."""
    return _change(order_id, "refund", "The buyer is refunded.", key=request.form.get("key", ""))


def _change(order_id: str, action: str, done: str, body: dict[str, str] | None = None, key: str = "") -> Response:
    """Do it and show the order, which tells what came of it."""
    try:
        send_as_user(Call("POST", at("orders", order_id, action), body=body or {}, key=key))
    except ApiError as error:
        if error.status not in {400, 409}:
            raise
        if error.status == 400 or not _is_done(order_id, action):
            flash(" ".join([str(error), *error.fields.values()]), "danger")
            return see_other(_page_of(order_id))
    flash(done, "ok")
    return see_other(_page_of(order_id))


def _is_done(order_id: str, action: str) -> bool:
    """Whether the order, or one's part of it, is where the action leads: a form sent twice did its work at first."""
    order = _read(order_id)
    changed = order if action == "cancel" else _own_shipment(order)
    return changed.get("status") == OUTCOMES[action]


def _page_of(order_id: str) -> str:
    return url_for(".show", order_id=order_id)
