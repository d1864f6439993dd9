"""The search index against the books that it is a copy of: how many there are, and a digest of what is kept of each.

The index follows within moments, so a copy that differs may be about to change: a difference is real when it is there
at every look.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress

from bookstore.catalog.search.index import IndexAway
from bookstore.catalog.search.kept import COLUMNS, KeptQuery, digest
from bookstore.catalog.search.remote import RemoteIndex
from bookstore.database import connection, execute_many, fetch_all

TAKEN_IN_WITHIN = 10.0
"""Seconds that the index gets to take in what it was told again."""
_AT_ONCE = 500
_PAUSE = 0.5
_AWAY = {0: "the search service, which does not answer"}

Names = dict[int, str]
"""The ids of books by their numbers; of one that is gone, its number in words."""
Span = tuple[int, int | None]
"""The books with a number above the first and up to the last."""


def differences(index: RemoteIndex, *, patience: float) -> Names:
    """The books of which the index has none, another or one too many, looked for `patience` seconds at the most.

    While the index cannot be asked it is named itself, as number 0, which no book has.
    """
    begin = time.monotonic()
    left: dict[Span, Names] | None = None
    while True:
        with suppress(IndexAway):
            left = _look(index, left)
        if left == {} or time.monotonic() - begin >= patience:
            break
        time.sleep(_PAUSE)
    return _AWAY if left is None else {number: name for names in left.values() for number, name in names.items()}


def repair(names: Mapping[int, str]) -> None:
    """Have the index take in some books again, as they are now."""
    again = [[number] for number in names if number not in _AWAY]
    if again:
        execute_many(connection("catalog"), "INSERT INTO search_queue (number) VALUES (%s)", again)


def _look(index: RemoteIndex, before: dict[Span, Names] | None) -> dict[Span, Names]:
    """What differs now and, unless this is the first look, did at the one before."""
    found = {span: _differing(index, span) for span in (_spans() if before is None else before)}
    if before:
        found = {
            span: {each: name for each, name in now.items() if each in before[span]} for span, now in found.items()
        }
    return {span: names for span, names in found.items() if names}


def _spans() -> Iterator[Span]:
    """Every book in spans of a few, and what the index may have behind the last one."""
    last, numbers = 0, "SELECT number FROM books WHERE number > %s ORDER BY number LIMIT %s"
    while rows := fetch_all(connection("catalog"), numbers, [last, _AT_ONCE]):
        yield last, rows[-1]["number"]
        last = rows[-1]["number"]
    yield last, None


def _differing(index: RemoteIndex, span: Span) -> Names:
    after, last = span
    rows = fetch_all(
        connection("catalog"),
        f"SELECT id, {COLUMNS} FROM books WHERE number > %(after)s AND (%(last)s IS NULL OR number <= %(last)s)",  # noqa: S608
        {"after": after, "last": last},
    )
    books = Counter((row["number"], digest(row)) for row in rows)
    copies = Counter(index.kept(KeptQuery(after=after, last=last)).copies)
    names = {row["number"]: row["id"] for row in rows}
    return {number: names.get(number, f"number {number}") for number, _ in (books - copies) + (copies - books)}
