"""Texts in files that spreadsheets open, which take what begins like a formula for one and run it."""

import re
from typing import Any

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def shown_as_text(cell: Any) -> Any:
    """A cell with an apostrophe before what begins like a formula: to spreadsheets it says that text follows."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def meant(cell: str) -> str:
    """The text that was given to `shown_as_text`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
