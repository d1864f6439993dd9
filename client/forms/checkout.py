"""Delivery and payment, as the checkout and the page for paying ask for them."""

import re
from datetime import date
from typing import Any

from client.forms import Form
from client.vocabulary import DELIVERY, PAYMENT

ADDRESS = ("name", "line1", "line2", "city", "postal_code", "country")
NEVER_SHOWN_AGAIN = ("card_number", "card_cvc")
_NEEDED = {
    "name": "Enter the name of the person who receives the books.",
    "line1": "Enter the street and house number.",
    "city": "Enter the town or city.",
    "country": "Enter the country.",
}
_EXPIRY = re.compile(r"(0[1-9]|1[0-2])\s*/?\s*(?:20)?(\d{2})")
_DOUBLED = "0246813579"


def delivery(form: Form) -> dict[str, Any]:
    """The API's `delivery`; what is missing is said at its field."""
    method = form.text("delivery")
    if method not in DELIVERY:
        form.fail("delivery", "Choose how you want to get your books.")
    if method == "pickup":
        return {"method": method}
    if saved := form.text("address_id"):
        return {"method": method, "address_id": saved}
    return {"method": method, "address": address(form)}


def address(form: Form) -> dict[str, str]:
    """The API's address, as typed; what is missing is said at its field."""
    form.require(_NEEDED)
    return {name: form.text(name) for name in ADDRESS if form.text(name)}


def payment(form: Form, today: date) -> dict[str, Any]:
    """The API's body for paying; what is wrong is said at its field, so that no order is placed for a mistyped card."""
    method = form.text("payment")
    if method not in PAYMENT:
        form.fail("payment", "Choose how you want to pay.")
    if method != "card":
        return {"method": method}
    card = {
        "number": form.read("card_number", _number),
        "expiry": form.read("card_expiry", lambda text: _expiry(text, today)),
        "cvc": form.read("card_cvc", _cvc),
        "name": form.text("card_name"),
    }
    form.require({"card_name": "Enter the name on the card."})
    return {"method": method, "card": card}


def _number(text: str) -> str:
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"[0-9]{12,19}", digits):
        raise ValueError("Enter the card number: 12 to 19 digits.")
    if not _luhn(digits):
        raise ValueError("A digit of the card number is wrong. Check it and type it again.")
    return digits


def _luhn(digits: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812)."""
    backwards = enumerate(reversed(digits))
    return sum(int(_DOUBLED[int(digit)] if place % 2 else digit) for place, digit in backwards) % 10 == 0


def _expiry(text: str, today: date) -> str:
    match = _EXPIRY.fullmatch(text)
    if not match:
        raise ValueError("Enter the expiry date as on the card, like 08/29.")
    month, year = match.groups()
    if (2000 + int(year), int(month)) < (today.year, today.month):
        raise ValueError("This card has expired.")
    return f"{month}/{year}"


def _cvc(text: str) -> str:
    if not re.fullmatch(r"[0-9]{3,4}", text):
        raise ValueError("Enter the security code: 3 digits, or 4 on American Express.")
    return text
