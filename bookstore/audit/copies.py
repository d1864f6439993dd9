"""What catalog and orders copy of each other: the catalog a book's stock, the orders its text, price and supply.

Events bring the copies, so one that is behind its source may be on its way. A difference is real when the copy does not
come to what its source said at the first look, or differs although it knows the source's version.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bookstore.catalog import stock
from bookstore.catalog.books import listing_event
from bookstore.database import Domain, Row, connection, fetch_all
from bookstore.events.envelope import Event
from bookstore.orders.sync import restore

_AT_ONCE = 2000
_PAUSE = 0.5
_COPIED = ("seller_id", "title", "price_cents", "stock_supplied", "stock")


@dataclass(frozen=True)
class Pair:
    """A book in the catalog (None: not listed) and in the inventory (None: not known there)."""

    listed: Row | None
    stocked: Row | None

    @property
    def equal(self) -> bool:
        """Whether each is what the other says."""
        if self.listed is None or self.stocked is None:
            return self.listed is None and (self.stocked is None or not self.stocked["available"])
        same = all(self.listed[name] == self.stocked[name] for name in _COPIED)
        return self._lag == (0, 0) and same and bool(self.stocked["available"])

    def arrived(self, seen: "Pair") -> bool:
        """Whether what the sources said when they were `seen` has come to the copies."""
        if self.equal:
            return True
        if self.listed is None or self.stocked is None or seen.listed is None or seen.stocked is None:
            return False
        missed = (
            seen.listed["version"] - self.stocked["book_version"],
            seen.stocked["version"] - self.listed["stock_version"],
        )
        # The sources have gone on meanwhile; a copy that is ahead of its source is wrong.
        return max(missed) <= 0 and min(self._lag) >= 0 and max(self._lag) > 0

    @property
    def _lag(self) -> tuple[int, int]:
        """How many versions the inventory is behind the catalog, and the catalog behind the inventory."""
        listed, stocked = self.listed or {}, self.stocked or {}
        return listed["version"] - stocked["book_version"], stocked["version"] - listed["stock_version"]


def differences(*, patience: float) -> tuple[dict[str, Pair], float]:
    """The books whose copies differ, and how long events on their way were waited for, `patience` s at the most."""
    begin = time.monotonic()
    seen = {book_id: pair for book_id, pair in _all() if not pair.equal}
    left = dict(seen)
    while left and time.monotonic() - begin < patience:
        time.sleep(_PAUSE)
        left = {
            book_id: pair
            for some in _slices(list(left))
            for book_id, pair in _pairs(some).items()
            if not pair.arrived(seen[book_id])
        }
    return left, time.monotonic() - begin if seen else 0.0


def repair(pairs: Mapping[str, Pair]) -> None:
    """Make the copies of some books what their sources say: the inventory's first, since they decide on the stock."""
    for book_id, pair in pairs.items():
        restore(_told_again(book_id, pair), seen=pair.stocked["book_version"] if pair.stocked else 0)
    for some in _slices(list(pairs)):
        for book_id, pair in _pairs(some).items():
            if pair.listed and pair.stocked:
                kept, seen = pair.stocked, pair.listed["stock_version"]
                stock.restore(book_id, kept["stock"], version=kept["version"], seen=seen)


def _told_again(book_id: str, pair: Pair) -> Event:
    """The event by which the catalog would tell of the book as it is now."""
    if pair.listed:
        return listing_event("book.updated", pair.listed, "")
    gone = pair.stocked or {}
    data = {"book_id": book_id, "seller_id": gone["seller_id"], "stock_supplied": gone["stock_supplied"]}
    version = gone["book_version"] + 1
    return Event(type="book.deleted", subject=book_id, version=version, data={**data, "version": version})


def _all() -> Iterator[tuple[str, Pair]]:
    """Every book that is listed or, for all the inventory knows, should be."""
    for ids in ids_of("catalog", "SELECT id FROM books WHERE id > %s ORDER BY id LIMIT %s"):
        yield from _pairs(ids).items()
    available = "SELECT book_id AS id FROM inventory WHERE book_id > %s AND available ORDER BY book_id LIMIT %s"
    for ids in ids_of("orders", available):
        yield from ((book_id, pair) for book_id, pair in _pairs(ids).items() if pair.listed is None)


def ids_of(domain: Domain, sql: str) -> Iterator[list[str]]:
    """Every `id` that a query finds, some at a time; it takes the last id before them and how many there may be."""
    last = ""
    while ids := [row["id"] for row in fetch_all(connection(domain), sql, [last, _AT_ONCE])]:
        yield ids
        last = ids[-1]


def _slices(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _pairs(ids: Sequence[str]) -> dict[str, Pair]:
    listed = fetch_all(
        connection("catalog"),
        "SELECT id, seller_id, seller_name, title, price_cents, stock, stock_supplied, stock_version, version"
        " FROM books WHERE id IN %s",
        [ids],
    )
    stocked = fetch_all(connection("orders"), "SELECT * FROM inventory WHERE book_id IN %s", [ids])
    by_id, by_book = {row["id"]: row for row in listed}, {row["book_id"]: row for row in stocked}
    return {book_id: Pair(by_id.get(book_id), by_book.get(book_id)) for book_id in ids}
