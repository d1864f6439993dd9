"""What the run itself put on sale, to be compared with what the shop says at the end."""

import random
from dataclasses import dataclass, field


@dataclass
class Supply:
    """A book of this run: whose it is, and how many copies its seller put in."""

    seller_id: str
    token: str
    supplied: int


@dataclass
class Ledger:
    """Every book of the run."""

    books: dict[str, Supply] = field(default_factory=dict)

    def listed(self, book_id: str, *, seller_id: str, token: str, supplied: int) -> None:
        """Note a new book."""
        self.books[book_id] = Supply(seller_id, token, supplied)

    def restocked(self, book_id: str, copies: int) -> None:
        """Note copies added to a book."""
        self.books[book_id].supplied += copies

    def any_book(self, *, seller_id: str | None = None) -> str | None:
        """A random book, of one seller if wanted."""
        ids = [book_id for book_id, supply in self.books.items() if seller_id in (None, supply.seller_id)]
        return random.choice(ids) if ids else None

    def books_of(self, seller_id: str) -> int:
        """How many books a seller has listed."""
        return sum(supply.seller_id == seller_id for supply in self.books.values())

    def tokens(self) -> dict[str, str]:
        """An access token for each seller."""
        return {supply.seller_id: supply.token for supply in self.books.values()}
