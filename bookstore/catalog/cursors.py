"""Cursors: where a page of books ended. Opaque to the reader, and checked like everything that readers send."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from bookstore.catalog.models import Sort
from bookstore.errors import InvalidFields

Key = Annotated[int, Field(ge=0, lt=2**31)] | Annotated[str, Field(max_length=300)]
"""What a book is sorted by: a number, or a title's words."""
Keys = tuple[Key, ...]

_PARTS: TypeAdapter[tuple[Sort, Keys, int]] = TypeAdapter(tuple[Sort, Keys, Annotated[int, Field(ge=0, lt=2**33)]])
_KEY_TYPES: dict[Sort, tuple[type[int] | type[str], ...]] = {
    "newest": (),
    "price": (int,),
    "-price": (int,),
    "title": (str,),
    "bestselling": (int,),
    "relevance": (int, int),
}


@dataclass(frozen=True)
class Cursor:
    """The last book of a page: what it was sorted by, and its number, which no other book has."""

    sort: Sort
    keys: Keys
    number: int

    def write(self) -> str:
        """The cursor as text for a URL."""
        return base64.urlsafe_b64encode(_PARTS.dump_json((self.sort, self.keys, self.number))).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, sort: Sort) -> "Cursor":
        """Read what `write` wrote for this order. Raises InvalidFields for anything else."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            cursor = cls(*_PARTS.validate_json(raw, strict=True))
        except (ValidationError, binascii.Error, ValueError) as error:
            raise InvalidFields.one("cursor", "is no cursor of this list") from error
        if cursor.sort != sort or tuple(map(type, cursor.keys)) != _KEY_TYPES[sort]:
            raise InvalidFields.one("cursor", "belongs to a list in another order")
        return cursor
