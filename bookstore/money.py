"""Amounts of money: whole numbers of a currency's minor unit, which is not a hundredth everywhere."""

from decimal import Decimal

# ISO 4217, without the currencies of two digits.
_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def digits(currency: str) -> int:
    """How many decimals amounts in a currency have."""
    return _DIGITS.get(currency, 2)


def written(minor_units: int, currency: str) -> str:
    """An amount for people to read: 1099 is `10.99 USD`, and `1099 JPY`."""
    return f"{Decimal(minor_units).scaleb(-digits(currency))} {currency}"
