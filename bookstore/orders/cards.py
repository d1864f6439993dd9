"""Payment cards: what a number tells by itself."""

import re
from datetime import datetime

_BRANDS = (
    ("visa", re.compile(r"4")),
    ("mastercard", re.compile(r"5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720)")),
    ("amex", re.compile(r"3[47]")),
    ("discover", re.compile(r"6011|64[4-9]|65")),
    ("diners", re.compile(r"3(0[0-5]|[689])")),
)


def digits(number: str) -> str:
    """A card number without the spaces and hyphens people write.

    Raises ValueError when it is not 12 to 19 digits whose last one checks the others (Luhn).
    """
    bare = re.sub(r"[ -]", "", number)
    if not re.fullmatch(r"[0-9]{12,19}", bare):
        raise ValueError("must have 12 to 19 digits")
    if not luhn(bare):
        raise ValueError("is not a card number: a digit is wrong")
    return bare


def luhn(number: str) -> bool:
    """Whether the check digit of a number is right (ISO/IEC 7812)."""
    doubled = "0246813579"
    total = sum(int(doubled[int(digit)] if place % 2 else digit) for place, digit in enumerate(reversed(number)))
    return total % 10 == 0


def brand(number: str) -> str:
    """The card network that a number belongs to, or `unknown`."""
    return next((name for name, start in _BRANDS if start.match(number)), "unknown")


def expired(expiry: str, at: datetime) -> bool:
    """Whether a card that is good through `MM/YY` is past that month."""
    month, year = (int(part) for part in expiry.split("/"))
    return (2000 + year, month) < (at.year, at.month)
