"""The proof that the shop works: one order, placed and paid through the public API, then cancelled."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from deploy.api import Api
from deploy.errors import DeployError
from deploy.secrets import digest
from deploy.settings import Settings

_CARD = {"number": "4242 4242 4242 4242", "expiry": "12/49", "cvc": "123", "name": "Make Up"}
# A new book can be ordered within 5 s; functions that just started may take a moment more.
_PATIENCE_SECONDS = 20


def check_shop(settings: Settings, known: Mapping[str, str]) -> str:
    """Place, pay and cancel one order; return a sentence about it. No sale and no change of stock is left."""
    shopper = Api(settings.shop_url)
    _sign_in_or_register(shopper, known["check-password"])
    books = shopper.call("GET", "/books?in_stock=true&limit=1")["items"]
    if books:
        return _buy(shopper, books[0])
    seller = Api(settings.shop_url)
    if seller.sign_in(known["admin-email"], known["admin-password"]) != 200:
        raise DeployError("The first admin could not sign in with its password from `.state`. Run `make logs`.")
    book = seller.call("POST", "/books", {"title": "A Book to Try", "authors": ["Make Up"], "condition": "new",
                                          "price_cents": 100, "stock": 1})  # fmt: skip
    try:
        return _buy(shopper, book)
    finally:
        seller.call("DELETE", f"/books/{book['id']}", **{"If-Match": f'"{book["version"]}-1"'})


def _sign_in_or_register(shopper: Api, password: str) -> None:
    # Named by its password: a database from before this password was made knows an account of another name.
    email = f"check-{digest(password)}@bookstore.example"
    status = shopper.sign_in(email, password)
    if status == 401:
        shopper.call("POST", "/auth/register", {"email": email, "password": password, "name": "Make Up"})
        status = shopper.sign_in(email, password)
    if status != 200:
        raise DeployError(f"The check account could not sign in (status {status}). See `make logs`.")


def _buy(shopper: Api, book: Mapping[str, Any]) -> str:
    order = _order(shopper, book["id"])
    path = f"/orders/{order['id']}"
    paid = shopper.call("POST", f"{path}/pay", {"method": "card", "card": _CARD}, **_key())
    if paid["status"] != "paid":
        raise DeployError(f"The order that was paid is {paid['status']}. See `make logs`.")
    shopper.call("POST", f"{path}/cancel")
    return f"“{book['title']}” was ordered, paid and cancelled again"


def _order(shopper: Api, book: str) -> Any:
    """Place the order; a book that has just been listed reaches the orders a moment later."""
    wanted = {"items": [{"book_id": book, "quantity": 1}], "delivery": {"method": "pickup"}}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return shopper.call("POST", "/orders", wanted, **_key())
        except DeployError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _key() -> dict[str, str]:
    return {"Idempotency-Key": secrets.token_hex(16)}
