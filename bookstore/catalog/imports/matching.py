"""What a file's entries mean for the listings that their seller has already. Pure, but for reading those."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bookstore.catalog import records
from bookstore.catalog.books import MAX_SUPPLIED, TOO_MANY
from bookstore.catalog.imports.entries import Entry, Key, Problem, listing, problems_of
from bookstore.catalog.models import MAX_STOCK, BookIn
from bookstore.database import Connection, Row, fetch_all

_NOTHING_TO_DELETE = Problem(
    "RecordReference", "takes nothing off: no listing of yours has this reference, or this ISBN and no number yet"
)


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
    made, first_lines = Plan(), dict(lines)
    for entry in entries:
        if entry.notes:
            made.noted.append((entry.line, entry.notes))
        if entry.problems or entry.key is None:
            made.refused.append((entry.line, entry.problems))
            continue
        key, name = entry.key, entry.key.name
        row = found.get(name)
        if row and _gets_number(key, row) and first_lines.get(f"id:{row['id']}", entry.line) != entry.line:
            # It gets that of an earlier product of the same edition.
            row = None
        names = [name, f"id:{row['id']}"] if row else [name]
        first = min(first_lines.setdefault(each, entry.line) for each in names)
        if first != entry.line:
            told = Problem("sku" if key.sku else "isbn13", f"is the same listing as in line {first}")
            made.refused.append((entry.line, (told,)))
        elif entry.deleted:
            _delete(made, entry, row)
        else:
            _write(made, entry, key, row, seen.get(name), defaults)
    return made


def names_of(entry: Entry, found: Mapping[str, Row]) -> list[str]:
    """What only one row of a file may have: its key, and the listing that is there already."""
    name = entry.key.name if entry.key else ""
    return [name, f"id:{found[name]['id']}"] if name in found else [name]


def _gets_number(key: Key, row: Row) -> bool:
    """Whether a listing that has no number, and was known by its edition, gets that of the key."""
    return bool(key.sku) and row["sku"] is None and row["id"] != key.sku


def _delete(made: Plan, entry: Entry, row: Row | None) -> None:
    if row is None:
        made.unchanged += 1
        made.noted.append((entry.line, (_NOTHING_TO_DELETE,)))
    else:
        made.deleted.append(row)


def _write(made: Plan, entry: Entry, key: Key, row: Row | None, seen: int | None, defaults: Mapping[str, Any]) -> None:
    try:
        book = listing(entry.fields, otherwise=defaults if row is None else records.written(row))
    except ValidationError as error:
        made.refused.append((entry.line, problems_of(error)))
        return
    if row is None:
        made.new.append((book, key.sku))
        return
    added = book.stock - (row["stock"] if seen is None else seen) if "stock" in entry.fields else 0
    if row["stock"] + added > MAX_STOCK or abs(row["stock_supplied"] + added) > MAX_SUPPLIED:
        made.refused.append((entry.line, (Problem("stock", TOO_MANY),)))
    elif _gets_number(key, row):
        made.changed.append((row | {"sku": key.sku}, book, added))
    elif added or _differs(book, row):
        made.changed.append((row, book, added))
    else:
        made.unchanged += 1


def _differs(book: BookIn, row: Row) -> bool:
    # An empty text is as good as none.
    return any((value or None) != (row[name] or None) for name, value in records.told(book).items())


def find(db: Connection, keys: Sequence[Key], *, seller_id: str, before: datetime, hold: bool) -> dict[str, Row]:
    """The seller's listings by the names of keys, held against other changes if wanted.

    A number is the seller's own of an earlier file, or a listing's id, which an export gives to those without. An
    edition leads to a listing without a number; a key without one also to the only listing with one, if that was there
    `before` the file: other rows of the file may be numbered.
    """
    skus = sorted({key.sku for key in keys if key.sku})
    ids = [sku for sku in skus if sku.isascii() and len(sku) <= 64]
    found = {Key(row["id"]).name: row for row in _select(db, "id", ids, seller_id, hold) if row["sku"] is None}
    found |= {Key(row["sku"]).name: row for row in _select(db, "sku", skus, seller_id, hold)}
    missing = [key for key in keys if key.isbn13 and key.name not in found]
    editions: dict[tuple[str | None, str], list[Row]] = defaultdict(list)
    for row in _select(db, "isbn13", sorted({key.isbn13 for key in missing if key.isbn13}), seller_id, hold):
        if row["sku"] is None or row["created_at"] < before:
            editions[row["isbn13"], row["book_condition"]].append(row)
    for key in missing:
        if row_of_edition := _of_edition(key, editions[key.isbn13, key.condition]):
            found[key.name] = row_of_edition
    return found


def _of_edition(key: Key, rows: Sequence[Row]) -> Row | None:
    """Which of a seller's listings with one ISBN, in one condition, a key means whose number none of them has."""
    free = [row for row in rows if row["sku"] is None]
    same = [row for row in free if row["format"] == key.format]
    if same:
        return same[0]
    if key.sku:
        # A message tells the format where its seller may not have told it, and a deletion tells none.
        likely = [row for row in free if row["format"] is None or key.format is None]
    else:
        likely = [row for row in rows if row["format"] == key.format]
    return likely[0] if len(likely) == 1 else None


def _select(db: Connection, column: str, values: Sequence[str], seller_id: str, hold: bool) -> list[Row]:
    if not values:
        return []
    held = " FOR UPDATE" if hold else ""
    return fetch_all(
        db,
        f"SELECT * FROM books WHERE seller_id = %s AND {column} IN %s ORDER BY id{held}",  # noqa: S608
        [seller_id, values],
    )
