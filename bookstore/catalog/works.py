"""Works: what several listings offer, recognized by their ISBN, or by title and first author."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from bookstore.catalog import waiting
from bookstore.catalog.corrections import Words, mends, same_person, told_in_full
from bookstore.catalog.models import BookIn
from bookstore.catalog.volumes import order_of
from bookstore.catalog.words import query_words
from bookstore.database import Connection, Row, execute_many, fetch_all
from bookstore.ids import new_id

# What searches leave out tells C++ from C.
_SPOKEN = str.maketrans({"+": " plus ", "#": " sharp ", "&": " and "})

Change = tuple[Row, BookIn]
"""A listing as it is, held by the caller, and as it will be."""


class _Name(NamedTuple):
    """What a listing calls its work: words of title and first author, and the ISBN if it tells one."""

    title: Words
    author: Words
    isbn: str | None

    @property
    def by_title(self) -> str:
        """What the work is known by where no ISBN tells it; the order of the author's names does not matter."""
        text = f"{' '.join(self.title)}\n{' '.join(sorted(self.author))}"
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def keys(self) -> list[str]:
        """What the work is known by, what decides first."""
        return [f"isbn:{self.isbn}", self.by_title] if self.isbn else [self.by_title]


def work_of(db: Connection, book: BookIn) -> str:
    """The id of the work that a listing offers, in the caller's transaction; a new one when nobody offered it before.

    The ISBN decides where it and the title lead to different works. The row in `works` is held until the transaction
    ends, so that a sale is counted either before the listing takes over the sum or with the listing.
    """
    return works_of(db, [book])[0]


def works_of(db: Connection, books: Sequence[BookIn]) -> list[str]:
    """The works that listings offer, in their order, as `work_of` finds each."""
    names = [_name(book) for book in books]
    return _entered(db, names, _known(db, names), [None] * len(names))


def works_after(db: Connection, changes: Sequence[Change]) -> list[str]:
    """The works that changed listings offer, in their order, found like those of new ones but for corrections.

    A corrected title that is not known yet becomes another name of the work, which keeps sales, reviews and those who
    wait. One that is known leads to its work, and those who wait for what nobody offers any more are brought along.
    """
    names = [_name(book) for _, book in changes]
    known = _known(db, names)
    unknown = [(row, name) for (row, _), name in zip(changes, names, strict=True) if known.keys().isdisjoint(name.keys)]
    kept = _kept(db, unknown) if unknown else {}
    works = _entered(db, names, known, [kept.get(row["id"]) for row, _ in changes])
    _bring_along(db, [(row, name, work_id) for (row, _), name, work_id in zip(changes, names, works, strict=True)])
    return works


def name_of(row: Row) -> str:
    """What the work of a kept listing is known by where no ISBN tells it."""
    return _name_before(row).by_title


def _entered(db: Connection, names: Sequence[_Name], known: dict[str, str], kept: Sequence[str | None]) -> list[str]:
    """The works by their names, those that are missing entered: for the work to be kept, or for a new one."""
    missing: dict[str, str] = {}
    called = _called_by(db, _under_another_title(names, known))
    for name, own in zip(names, kept, strict=True):
        found = next((known[key] for key in name.keys if key in known), None)
        work_id = found or own or new_id()
        # An ISBN may be mistaken: then the title, and all who list under it, would be the other work's for good.
        trusted = found is None or any(_corrects(other, name, alone=True) for other in called[work_id])
        for key in name.keys:
            if key not in known and (trusted or key != name.by_title):
                known[key] = missing[key] = work_id
        called[work_id].append(name)
    if missing:
        execute_many(
            db,
            "INSERT INTO work_keys (name, work_id) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = name",
            sorted(missing.items()),
        )
        # Read again: somebody else may have been first with the same work.
        known |= _known(db, names)
    works = [known[name.keys[0]] for name in names]
    execute_many(
        db,
        "INSERT INTO works (id) VALUES (%s) ON DUPLICATE KEY UPDATE id = id",
        [[work_id] for work_id in sorted(set(works))],
    )
    return works


def _known(db: Connection, names: Sequence[_Name]) -> dict[str, str]:
    keys = sorted({key for name in names for key in name.keys})
    rows = fetch_all(db, "SELECT name, work_id FROM work_keys WHERE name IN %s", [keys]) if keys else []
    return {row["name"]: row["work_id"] for row in rows}


def _under_another_title(names: Sequence[_Name], known: dict[str, str]) -> set[str]:
    """The works that are known by an ISBN but not by the title that comes with it."""
    return {known[name.keys[0]] for name in names if name.keys[0] in known and name.by_title not in known}


def _called_by(db: Connection, work_ids: Collection[str]) -> defaultdict[str, list[_Name]]:
    """What those who offer works call them."""
    called: defaultdict[str, list[_Name]] = defaultdict(list)
    for row in _offers(db, work_ids):
        called[row["work_id"]].append(_name_before(row))
    return called


def _offers(db: Connection, work_ids: Collection[str]) -> list[Row]:
    columns = "id, work_id, seller_id, title, contributors, isbn13, series_title, series_volume"
    statement = f"SELECT {columns} FROM books WHERE work_id IN %s"  # noqa: S608
    return fetch_all(db, statement, [sorted(work_ids)]) if work_ids else []


def _kept(db: Connection, changes: Sequence[tuple[Row, _Name]]) -> dict[str, str]:
    """The works of the listings that are only corrected, by the listing.

    A work that was sold is what its first buyer bought: else a seller could turn a book that readers like into another
    one, letter by letter, and keep its stars. A title is told in full, or for short, only of a work that nobody else
    sells; and what others call it must not be another book, into whose work a mistaken ISBN had led.
    """
    work_ids = sorted({row["work_id"] for row, _ in changes})
    offers: defaultdict[str, list[Row]] = defaultdict(list)
    for offer in _offers(db, work_ids):
        offers[offer["work_id"]].append(offer)
    first_sales = fetch_all(
        db,
        "SELECT work_id, title FROM sales JOIN (SELECT work_id, MIN(order_id) AS order_id FROM sales"
        " WHERE work_id IN %s GROUP BY work_id) AS first USING (work_id, order_id)",
        [work_ids],
    )
    sold_as = {row["work_id"]: _words(row["title"]) for row in first_sales}
    kept: dict[str, str] = {}
    for row, name in changes:
        before, work_id = _name_before(row), row["work_id"]
        alone = all(offer["seller_id"] == row["seller_id"] for offer in offers[work_id])
        others = [_name_before(offer) for offer in offers[work_id] if offer["id"] != row["id"]]
        names = [before, before._replace(title=sold_as[work_id])] if work_id in sold_as else [before]
        same = not others or any(_corrects(other, before, alone=True) for other in others)
        if same and all(_corrects(each, name, alone=alone) for each in names):
            kept[row["id"]] = work_id
    return kept


def _bring_along(db: Connection, changes: Sequence[tuple[Row, _Name, str]]) -> None:
    leaving = [
        (row, work_id)
        for row, name, work_id in changes
        if row["work_id"] != work_id and _corrects(_name_before(row), name, alone=True)
    ]
    if leaving:
        moved = {row["work_id"]: work_id for row, work_id in leaving}
        waiting.bring_along(db, moved, leaving=[row["id"] for row, _ in leaving])


def _corrects(before: _Name, after: _Name, *, alone: bool) -> bool:
    alike = mends(before.title, after.title) or (alone and told_in_full(before.title, after.title))
    return alike and same_person(before.author, after.author)


def _name(book: BookIn) -> _Name:
    series = (book.series.title, book.series.volume) if book.series else None
    return _Name(_title(book.title, series), query_words(book.first_author), book.isbn13)


def _name_before(row: Row) -> _Name:
    people = json.loads(row["contributors"])
    first = next((person for person in people if person["role"] == "author"), people[0])
    series = (row["series_title"], row["series_volume"]) if row["series_title"] else None
    return _Name(_title(row["title"], series), query_words(first["name"]), row["isbn13"])


def _title(title: str, series: tuple[str, str | None] | None) -> Words:
    """The words of a title, and of the volume where the title is only the series': each volume is a work."""
    words = _words(title)
    name, volume = series or ("", None)
    return [*words, order_of(volume)] if volume and _words(name) == words else words


def _words(title: str) -> Words:
    return query_words(title.translate(_SPOKEN)) or [title]
