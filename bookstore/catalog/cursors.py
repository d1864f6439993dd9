"""Cursors: where a page of books ended. Opaque to the reader, and checked like everything that readers send."""

import base64
import binascii
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from bookstore.catalog.models import Sort
from bookstore.errors import InvalidFields
from bookstore.fields import Id

_PARTS: TypeAdapter[tuple[Sort, int | str, Id]] = TypeAdapter(tuple[Sort, int | str, Id])
_KEY_TYPES: dict[Sort, type[int] | type[str]] = {
    "newest": str,
    "price": int,
    "-price": int,
    "title": str,
    "relevance": int,
}


@dataclass(frozen=True)
class Cursor:
    """The last book of a page: what it was sorted by, and its id."""

    sort: Sort
    key: int | str
    book_id: str

    def write(self) -> str:
        """The cursor as text for a URL."""
        return base64.urlsafe_b64encode(_PARTS.dump_json((self.sort, self.key, self.book_id))).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, sort: Sort) -> "Cursor":
        """Read what `write` wrote for this order. Raises InvalidFields for anything else."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            cursor = cls(*_PARTS.validate_json(raw, strict=True))
        except (ValidationError, binascii.Error, ValueError) as error:
            raise InvalidFields.one("cursor", "is no cursor of this list") from error
        if cursor.sort != sort or not isinstance(cursor.key, _KEY_TYPES[sort]):
            raise InvalidFields.one("cursor", "belongs to a list in another order")
        return cursor
