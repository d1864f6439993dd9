"""What an index keeps of a book, and how its copy is told from the book as it is."""

import hashlib
import json
from typing import Annotated

from pydantic import BaseModel, Field

from bookstore.database import Row

COLUMNS = (
    "number, title, title_words, title_key, author_words, other_words, contributors, isbn13, seller_id, work_id,"
    " series_title, language, format, book_condition, subjects, price_cents, stock, sold"
)
"""The columns of `books` that its copy is made of."""
DIGEST_BITS = 31
_NAMES = COLUMNS.split(", ")


class KeptQuery(BaseModel):
    """Which copies: those of the books with a number above `after` and, unless it is None, up to `last`."""

    after: Annotated[int, Field(ge=0)] = 0
    last: Annotated[int, Field(ge=0)] | None = None
    limit: Annotated[int, Field(ge=1, le=10_000)] = 10_000


class Kept(BaseModel):
    """The number of each copy, in their order, with its digest."""

    copies: list[tuple[int, int]]


def digest(row: Row) -> int:
    """A number of 31 bits for what is kept of a book. Of its stock that is whether there is any."""
    kept = [row["stock"] > 0 if name == "stock" else row[name] for name in _NAMES]
    found = hashlib.blake2b(json.dumps(kept).encode(), digest_size=4).digest()
    return int.from_bytes(found) >> 32 - DIGEST_BITS
