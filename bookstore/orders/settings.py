"""What an operator may set for orders, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from types import MappingProxyType

from bookstore.money import currency
from bookstore.orders.tax import Tax


@dataclass(frozen=True)
class Settings:
    """The settings of this process."""

    currency: str
    """CURRENCY: the one currency of all prices, ISO 4217. Default USD."""
    order_lifetime: timedelta
    """ORDER_LIFETIME_MINUTES: how long an order waits for its payment. Default 15."""
    delivery_cents: Mapping[str, int]
    """DELIVERY_STANDARD_CENTS, DELIVERY_EXPRESS_CENTS, DELIVERY_PICKUP_CENTS: the price of each way of delivery."""
    tax: Tax
    """TAX_BASIS_POINTS: the rate in hundredths of a percent, default 0. TAX_INCLUDED: 1 (default) when prices contain
    it, 0 when it comes on top. An order keeps the tax that it was placed with."""
    records_kept_days: int
    """ORDER_RECORDS_KEPT_DAYS: how long the paid order of somebody who left names them, from the day its money came.
    Default 4018, eleven years: the ten after the end of a sale's year that the EU's VAT rules for sales to consumers in
    other countries ask for (Regulation 282/2011, article 63c) are the longest of the common ones."""
    payment_latency: float
    """PAYMENT_LATENCY_MS: how long the sandbox's card network takes, here in seconds. Default 200 ms."""


_DELIVERY_CENTS = {"standard": 399, "express": 899, "pickup": 0}


@cache
def settings() -> Settings:
    """The settings of this process. Raises ValueError naming a variable that is wrong."""
    return Settings(
        currency=currency(),
        order_lifetime=timedelta(minutes=_number("ORDER_LIFETIME_MINUTES", 15)),
        delivery_cents=MappingProxyType(
            {way: _number(f"DELIVERY_{way.upper()}_CENTS", cents) for way, cents in _DELIVERY_CENTS.items()}
        ),
        tax=Tax(_number("TAX_BASIS_POINTS", 0), bool(_number("TAX_INCLUDED", 1))),
        records_kept_days=_number("ORDER_RECORDS_KEPT_DAYS", 4018),
        payment_latency=_number("PAYMENT_LATENCY_MS", 200) / 1000,
    )


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdecimal():
        raise ValueError(f"{name} must be a whole number, not {text!r}.")
    return int(text)
