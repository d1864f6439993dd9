"""Works: what several listings offer, recognized by their ISBN, or by title and first author."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from bookstore.catalog import waiting
from bookstore.catalog.corrections import Words, mends, same_person, told_in_full
from bookstore.catalog.models import BookIn
from bookstore.catalog.words import query_words
from bookstore.database import Connection, Row, execute_many, fetch_all
from bookstore.ids import new_id

Change = tuple[Row, BookIn]
"""A listing as it is, held by the caller, and as it will be."""


class _Name(NamedTuple):
    """What a work is known by where no ISBN tells it, as words."""

    title: Words
    author: Words


def work_of(db: Connection, book: BookIn) -> str:
    """The id of the work that a listing offers, in the caller's transaction; a new one when nobody offered it before.

    The ISBN decides where it and the title lead to different works. The row in `works` is held until the transaction
    ends, so that a sale is counted either before the listing takes over the sum or with the listing.
    """
    return works_of(db, [book])[0]


def works_of(db: Connection, books: Sequence[BookIn]) -> list[str]:
    """The works that listings offer, in their order, as `work_of` finds each."""
    names = [_keys(book) for book in books]
    return _entered(db, names, _known(db, names), [None] * len(names))


def works_after(db: Connection, changes: Sequence[Change]) -> list[str]:
    """The works that changed listings offer, in their order, found like those of new ones but for corrections.

    A corrected title that is not known yet becomes another name of the work, which keeps sales, reviews and those who
    wait. One that is known leads to its work, and those who wait for what nobody offers any more are brought along.
    """
    names = [_keys(book) for _, book in changes]
    known = _known(db, names)
    unknown = [change for change, keys in zip(changes, names, strict=True) if known.keys().isdisjoint(keys)]
    kept = _kept(db, unknown) if unknown else {}
    works = _entered(db, names, known, [kept.get(row["id"]) for row, _ in changes])
    _bring_along(db, changes, works)
    return works


def _entered(
    db: Connection, names: Sequence[Sequence[str]], known: dict[str, str], kept: Sequence[str | None]
) -> list[str]:
    """The works by their keys, those that are missing entered: for the work to be kept, or for a new one."""
    missing: dict[str, str] = {}
    for keys, own in zip(names, kept, strict=True):
        work_id = next((known[key] for key in keys if key in known), None) or own or new_id()
        for key in keys:
            if key not in known:
                known[key] = missing[key] = work_id
    if missing:
        execute_many(
            db,
            "INSERT INTO work_keys (name, work_id) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = name",
            sorted(missing.items()),
        )
        # Read again: somebody else may have been first with the same work.
        known |= _known(db, names)
    found = [known[keys[0]] for keys in names]
    execute_many(
        db,
        "INSERT INTO works (id) VALUES (%s) ON DUPLICATE KEY UPDATE id = id",
        [[work_id] for work_id in sorted(set(found))],
    )
    return found


def _known(db: Connection, names: Sequence[Sequence[str]]) -> dict[str, str]:
    keys = sorted({key for each in names for key in each})
    rows = fetch_all(db, "SELECT name, work_id FROM work_keys WHERE name IN %s", [keys]) if keys else []
    return {row["name"]: row["work_id"] for row in rows}


def _kept(db: Connection, changes: Sequence[Change]) -> dict[str, str]:
    """The works of the listings that are only corrected, by the listing.

    A work that was sold is what its first buyer bought: else a seller could turn a book that readers like into another
    one, letter by letter, and keep its stars. A title is told in full, or for short, only of a work that nobody else
    sells.
    """
    work_ids = sorted({row["work_id"] for row, _ in changes})
    sellers: dict[str, set[str]] = defaultdict(set)
    for row in fetch_all(db, "SELECT DISTINCT work_id, seller_id FROM books WHERE work_id IN %s", [work_ids]):
        sellers[row["work_id"]].add(row["seller_id"])
    first_sales = fetch_all(
        db,
        "SELECT work_id, title FROM sales JOIN (SELECT work_id, MIN(order_id) AS order_id FROM sales"
        " WHERE work_id IN %s GROUP BY work_id) AS first USING (work_id, order_id)",
        [work_ids],
    )
    sold_as = {row["work_id"]: _words(row["title"]) for row in first_sales}
    kept: dict[str, str] = {}
    for row, book in changes:
        before, work_id = _name_before(row), row["work_id"]
        alone = sellers[work_id] <= {row["seller_id"]}
        names = [before, before._replace(title=sold_as[work_id])] if work_id in sold_as else [before]
        if all(_corrects(name, _name(book), alone=alone) for name in names):
            kept[row["id"]] = work_id
    return kept


def _bring_along(db: Connection, changes: Sequence[Change], works: Sequence[str]) -> None:
    leaving = [
        (row, work_id)
        for (row, book), work_id in zip(changes, works, strict=True)
        if row["work_id"] != work_id and _corrects(_name_before(row), _name(book), alone=True)
    ]
    if leaving:
        moved = {row["work_id"]: work_id for row, work_id in leaving}
        waiting.bring_along(db, moved, leaving=[row["id"] for row, _ in leaving])


def _corrects(before: _Name, after: _Name, *, alone: bool) -> bool:
    alike = mends(before.title, after.title) or (alone and told_in_full(before.title, after.title))
    return alike and same_person(before.author, after.author)


def _keys(book: BookIn) -> list[str]:
    name = _name(book)
    text = f"{' '.join(name.title)}\n{' '.join(name.author)}"
    by_title = hashlib.sha256(text.encode()).hexdigest()
    return [f"isbn:{book.isbn13}", by_title] if book.isbn13 else [by_title]


def _name(book: BookIn) -> _Name:
    return _Name(_words(book.title), query_words(book.first_author))


def _name_before(row: Row) -> _Name:
    people = json.loads(row["contributors"])
    first = next((person for person in people if person["role"] == "author"), people[0])
    return _Name(_words(row["title"]), query_words(first["name"]))


def _words(title: str) -> Words:
    return query_words(title) or [title]
