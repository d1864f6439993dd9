"""Amounts of money: whole numbers of a currency's minor unit, which is not a hundredth everywhere."""

import os
import re
from decimal import Decimal
from functools import cache

# ISO 4217, without the currencies of two digits.
_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


@cache
def currency() -> str:
    """CURRENCY: the one currency of all prices, ISO 4217. Default USD. Raises ValueError when it is no such code."""
    code = os.environ.get("CURRENCY", "USD")
    if not re.fullmatch("[A-Z]{3}", code):
        raise ValueError(f"CURRENCY must be three capital letters, not {code!r}.")
    return code


def digits(currency: str) -> int:
    """How many decimals amounts in a currency have."""
    return _DIGITS.get(currency, 2)


def written(minor_units: int, currency: str) -> str:
    """An amount for people to read: 1099 is `10.99 USD`, and `1099 JPY`."""
    return f"{Decimal(minor_units).scaleb(-digits(currency))} {currency}"
