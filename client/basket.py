"""The basket: kept in a cookie of the shopper's, so that it works signed out and survives signing in."""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from client.money import money

MOST_LINES = 50
MOST_COPIES = 99
KEPT_TITLE = 40  # bytes: fifty lines have to fit into a cookie of 4 KB
_UNPACKED = 16_384  # bytes: a cookie that unpacks to more was not made here


@dataclass(frozen=True)
class Line:
    """So many copies of a book, at the price that the shopper has seen."""

    book_id: str
    quantity: int
    price_cents: int
    title: str

    @property
    def total_cents(self) -> int:
        """The price of all copies."""
        return self.quantity * self.price_cents


@dataclass(frozen=True)
class Basket:
    """The lines in the order in which the books were put in."""

    lines: tuple[Line, ...] = ()

    @property
    def count(self) -> int:
        """The number of copies."""
        return sum(line.quantity for line in self.lines)

    @property
    def total_cents(self) -> int:
        """The price of everything, without delivery."""
        return sum(line.total_cents for line in self.lines)

    def quantity(self, book_id: str) -> int:
        """The copies of one book."""
        return sum(line.quantity for line in self.lines if line.book_id == book_id)

    def add(self, book: Mapping[str, Any], quantity: int) -> "Basket":
        """Put copies in, at most as many as there are; the price seen becomes the book's own."""
        wanted = min(self.quantity(book["id"]) + quantity, MOST_COPIES, book["stock"])
        line = Line(book["id"], wanted, book["price_cents"], _kept(book["title"]))
        if self.quantity(book["id"]):
            return Basket(tuple(line if old.book_id == line.book_id else old for old in self.lines))
        return Basket((*self.lines, line)) if wanted else self

    def with_quantities(self, quantities: Mapping[str, int]) -> "Basket":
        """Change the copies of the named books; none removes the line."""
        changed = (replace(line, quantity=quantities.get(line.book_id, line.quantity)) for line in self.lines)
        return Basket(tuple(line for line in changed if line.quantity > 0))

    def without(self, book_ids: Iterable[str]) -> "Basket":
        """Take the named books out."""
        return self.with_quantities(dict.fromkeys(book_ids, 0))

    @property
    def is_full(self) -> bool:
        """Whether no other book fits in: an order takes fifty."""
        return len(self.lines) >= MOST_LINES

    def pack(self) -> str:
        """Write it as short text that is safe in a cookie and in a form."""
        rows = [[line.book_id, line.quantity, line.price_cents, line.title] for line in self.lines]
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")

    @classmethod
    def unpack(cls, text: str) -> "Basket":
        """Read what `pack` wrote; anything else is an empty basket."""
        try:
            packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            rows = json.loads(zlib.decompressobj().decompress(packed, _UNPACKED))
            return cls(tuple(_line(*row) for row in rows[:MOST_LINES]))
        except (ValueError, TypeError, zlib.error, RecursionError):
            return cls()


def _kept(title: str) -> str:
    kept = title.encode(errors="replace")[:KEPT_TITLE].decode(errors="ignore")
    return title if kept == title else f"{kept.rstrip()}…"


def _line(book_id: str, quantity: int, price_cents: int, title: str) -> Line:
    kinds = (book_id, str), (title, str), (quantity, int), (price_cents, int)
    if not all(type(value) is kind for value, kind in kinds) or not (1 <= quantity <= MOST_COPIES and price_cents >= 0):
        raise ValueError("not a line of a basket")
    return Line(book_id, quantity, price_cents, title)


def reprice(basket: Basket, books: Mapping[str, Mapping[str, Any]]) -> tuple[Basket, list[str]]:
    """Bring a basket up to date with the catalog; return it with a notice for each thing that changed.

    `books` holds the books still sold, by id.
    """
    lines: list[Line] = []
    notices: list[str] = []
    for old in basket.lines:
        line, told = _reprice(old, books.get(old.book_id))
        lines += [line] if line else []
        notices += told
    return Basket(tuple(lines)), notices


def _reprice(line: Line, book: Mapping[str, Any] | None) -> tuple[Line | None, list[str]]:
    if not book:
        return None, [f"“{line.title}” is no longer sold. We took it out of your basket."]
    if book["stock"] < 1:
        return None, [f"“{line.title}” is sold out. We took it out of your basket."]
    notices = []
    if book["stock"] < line.quantity:
        notices.append(f"“{line.title}”: only {book['stock']} left, we reduced the quantity from {line.quantity}.")
    if book["price_cents"] != line.price_cents:
        before, now = (money(price, book["currency"]) for price in (line.price_cents, book["price_cents"]))
        notices.append(f"“{line.title}”: the price changed from {before} to {now}.")
    current = replace(line, quantity=min(line.quantity, book["stock"]), price_cents=book["price_cents"])
    return current, notices
