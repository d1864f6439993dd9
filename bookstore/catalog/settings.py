"""What an operator may set for the catalog, read once from the environment."""

import os
import re
from functools import cache


@cache
def currency() -> str:
    """CURRENCY: the one currency of all prices, ISO 4217. Default USD. Raises ValueError when it is no such code."""
    code = os.environ.get("CURRENCY", "USD")
    if not re.fullmatch("[A-Z]{3}", code):
        raise ValueError(f"CURRENCY must be three capital letters, not {code!r}.")
    return code
