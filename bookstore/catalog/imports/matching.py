"""What a file's entries mean for the listings that their seller has already. Pure, but for reading those."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from bookstore.catalog import records
from bookstore.catalog.books import MAX_SUPPLIED, TOO_MANY
from bookstore.catalog.imports.entries import Entry, Key, Problem, listing, problems_of
from bookstore.catalog.models import MAX_STOCK, BookIn
from bookstore.database import Connection, Row, fetch_all


@dataclass
class Plan:
    """What is to be done about some entries."""

    new: list[tuple[BookIn, str | None]] = field(default_factory=list)
    changed: list[tuple[Row, BookIn, int]] = field(default_factory=list)
    deleted: list[Row] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[int, tuple[Problem, ...]]] = field(default_factory=list)
    noted: list[tuple[int, tuple[Problem, ...]]] = field(default_factory=list)


def plan(
    entries: Iterable[Entry],
    *,
    found: Mapping[str, Row],
    lines: Mapping[str, int],
    seen: Mapping[str, int | None],
    defaults: Mapping[str, Any],
) -> Plan:
    """Tell what becomes of each entry.

    `found` has the listings, `lines` the first line of the file, and `seen` the stock that was there when the file was
    checked, all by the names of keys: copies sold since then stay sold.
    """
    made = Plan()
    for entry in entries:
        if entry.notes:
            made.noted.append((entry.line, entry.notes))
        name = entry.key.name if entry.key else ""
        first = min(lines.get(each, entry.line) for each in names_of(entry, found))
        if entry.problems:
            made.refused.append((entry.line, entry.problems))
        elif first != entry.line:
            told = Problem("sku" if name.startswith("sku:") else "isbn13", f"is the same listing as in line {first}")
            made.refused.append((entry.line, (told,)))
        elif entry.deleted:
            _delete(made, found.get(name))
        else:
            _write(made, entry, found.get(name), seen.get(name), defaults)
    return made


def names_of(entry: Entry, found: Mapping[str, Row]) -> list[str]:
    """What only one row of a file may have: its key, and the listing that is there already."""
    name = entry.key.name if entry.key else ""
    return [name, f"id:{found[name]['id']}"] if name in found else [name]


def _delete(made: Plan, row: Row | None) -> None:
    if row is None:
        made.unchanged += 1
    else:
        made.deleted.append(row)


def _write(made: Plan, entry: Entry, row: Row | None, seen: int | None, defaults: Mapping[str, Any]) -> None:
    try:
        book = listing(entry.fields, otherwise=defaults if row is None else records.written(row))
    except ValidationError as error:
        made.refused.append((entry.line, problems_of(error)))
        return
    if row is None:
        made.new.append((book, entry.key.sku if entry.key else None))
        return
    added = book.stock - (row["stock"] if seen is None else seen) if "stock" in entry.fields else 0
    if row["stock"] + added > MAX_STOCK or abs(row["stock_supplied"] + added) > MAX_SUPPLIED:
        made.refused.append((entry.line, (Problem("stock", TOO_MANY),)))
    elif added or _differs(book, row):
        made.changed.append((row, book, added))
    else:
        made.unchanged += 1


def _differs(book: BookIn, row: Row) -> bool:
    # An empty text is as good as none.
    return any((value or None) != (row[name] or None) for name, value in records.told(book).items())


def find(db: Connection, keys: Sequence[Key], *, seller_id: str, hold: bool) -> dict[str, Row]:
    """The seller's listings by the names of keys, held against other changes if wanted.

    A number is the seller's own of an earlier file, or a listing's id, which an export gives to those without; an ISBN
    leads to a listing without a number.
    """
    skus = sorted({key.sku for key in keys if key.sku})
    isbns = sorted({key.isbn13 for key in keys if not key.sku and key.isbn13})
    found: dict[str, Row] = {}
    for row in _select(db, "isbn13", isbns, seller_id, hold):
        if row["sku"] is None:
            key = Key(None, row["isbn13"], row["book_condition"], row["format"])
            found.setdefault(key.name, row)
    ids = [sku for sku in skus if sku.isascii() and len(sku) <= 64]
    found |= {Key(row["id"]).name: row for row in _select(db, "id", ids, seller_id, hold) if row["sku"] is None}
    return found | {Key(row["sku"]).name: row for row in _select(db, "sku", skus, seller_id, hold)}


def _select(db: Connection, column: str, values: Sequence[str], seller_id: str, hold: bool) -> list[Row]:
    if not values:
        return []
    held = " FOR UPDATE" if hold else ""
    return fetch_all(
        db,
        f"SELECT * FROM books WHERE seller_id = %s AND {column} IN %s ORDER BY id{held}",  # noqa: S608
        [seller_id, values],
    )
