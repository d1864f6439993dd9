"""What an operator may set for the catalog, read once from the environment."""

import os
import re
from datetime import timedelta
from functools import cache


@cache
def wish_hold() -> timedelta:
    """WISH_HOLD_HOURS: how long a copy is told of to nobody else than the reader who waited longest. Default 24."""
    return timedelta(hours=int(os.environ.get("WISH_HOLD_HOURS", "24")))


@cache
def price_bands() -> tuple[int, ...]:
    """PRICE_BANDS: where a band of prices ends and the next begins, in minor units. Default 500,1000,2000,5000.

    Raises ValueError when they do not rise from more than nothing.
    """
    text = os.environ.get("PRICE_BANDS", "500,1000,2000,5000")
    if not re.fullmatch(r"[0-9]{1,9}(,[0-9]{1,9})*", text):
        raise ValueError(f"PRICE_BANDS must be prices such as 500,1000,2000 and not {text!r}.")
    ends = tuple(map(int, text.split(",")))
    if list(ends) != sorted({0, *ends} - {0}):
        raise ValueError(f"PRICE_BANDS must rise and not be {text!r}.")
    return ends
