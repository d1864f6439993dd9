"""Text that people send: field types that refuse what no shop should keep or show."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints

# Control characters and lone surrogates: Unicode's categories Cc and Cs.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNPRINTABLE_IN_PROSE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def one_line(value: str) -> str:
    """Accept printable text in one line; return it in normal form C.

    Raises ValueError for control characters and lone surrogates.
    """
    return _checked(value, _UNPRINTABLE)


def prose(value: str) -> str:
    """Accept printable text that may have line breaks and tabs; return it in normal form C."""
    return _checked(value, _UNPRINTABLE_IN_PROSE)


def composed(value: Any) -> Any:
    """Bring text to normal form C before its characters are counted: some become several."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _checked(value: str, unprintable: re.Pattern[str]) -> str:
    if found := unprintable.search(value):
        raise ValueError(f"must not contain the control character U+{ord(found[0]):04X}")
    return unicodedata.normalize("NFC", value)


def not_blank(value: str) -> str:
    """Accept text with something to read in it."""
    if not value.strip():
        raise ValueError("must not be blank")
    return value.strip()


OneLine = Annotated[str, AfterValidator(one_line)]
"""Any printable text in one line."""

Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300),
    BeforeValidator(composed),
    AfterValidator(one_line),
    AfterValidator(not_blank),
]
"""1 to 300 characters, not blank."""

Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    BeforeValidator(composed),
    AfterValidator(one_line),
    AfterValidator(not_blank),
]
"""The name of a person, a company or a place: 1 to 200 characters, not blank."""

LONGEST_PROSE = 20_000
Prose = Annotated[str, StringConstraints(max_length=LONGEST_PROSE), BeforeValidator(composed), AfterValidator(prose)]
"""A description: up to 20,000 characters."""
