"""Amounts of money: integers of minor units inside, text outside."""

import re
from functools import lru_cache

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_TYPED = re.compile(r"[$€£]?\s*([0-9]{1,8})(?:[.,]([0-9]{1,2}))?")


@lru_cache(maxsize=4096)
def money(cents: int, currency: str = "USD") -> str:
    """Write an amount for shoppers: 1099 becomes `$10.99`; a currency without a symbol here shows its code."""
    symbol = _SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    sign = "\N{MINUS SIGN}" if cents < 0 else ""
    return f"{sign}{symbol}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def cents(text: str) -> int:
    """Read an amount that somebody typed, with at most two decimals; raises ValueError for anything else."""
    match = _TYPED.fullmatch(text.strip())
    if not match:
        raise ValueError("Write the amount like 10.99.")
    units, fraction = match.groups()
    return int(units) * 100 + int((fraction or "").ljust(2, "0"))


def plain(amount: int) -> str:
    """Write an amount as it goes into a form's field: 1099 becomes `10.99`."""
    return f"{amount // 100}.{amount % 100:02d}"
