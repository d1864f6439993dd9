"""Amounts of money: integers of a currency's minor unit inside, text outside."""

import re
from decimal import Decimal
from functools import lru_cache

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_TYPED = re.compile(r"[$€£]?\s*([0-9]{1,10})(?:[.,]([0-9]+))?")
# ISO 4217, without the currencies of two decimals.
_DECIMALS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


@lru_cache(maxsize=4096)
def money(amount: int, currency: str = "USD") -> str:
    """Write an amount for shoppers: 1099 becomes `$10.99`; a currency without a symbol here shows its code."""
    symbol = _SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}{symbol}{_units(abs(amount), currency):,}"


def cents(text: str, currency: str) -> int:
    """Read an amount that somebody typed, with no more decimals than its currency has; raises ValueError for others."""
    match = _TYPED.fullmatch(text.strip())
    decimals = _decimals(currency)
    if not match or len(match[2] or "") > decimals:
        raise ValueError(f"Write the amount like {plain(1099, currency)}.")
    units, fraction = match.groups()
    return int(units + (fraction or "").ljust(decimals, "0"))


def plain(amount: int, currency: str) -> str:
    """Write an amount as it goes into a form's field: 1099 becomes `10.99`."""
    return str(_units(amount, currency))


def _units(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-_decimals(currency))


def _decimals(currency: str) -> int:
    return _DECIMALS.get(currency, 2)
