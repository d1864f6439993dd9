"""Works: what several listings offer, recognized by their ISBN, or by title and first author."""

import hashlib
from collections.abc import Sequence

from bookstore.catalog.models import BookIn
from bookstore.catalog.words import query_words
from bookstore.database import Connection, execute_many, fetch_all
from bookstore.ids import new_id


def work_of(db: Connection, book: BookIn) -> str:
    """The id of the work that a listing offers, in the caller's transaction; a new one when nobody offered it before.

    The ISBN decides where it and the title lead to different works. The row in `works` is held until the transaction
    ends, so that a sale is counted either before the listing takes over the sum or with the listing.
    """
    return works_of(db, [book])[0]


def works_of(db: Connection, books: Sequence[BookIn]) -> list[str]:
    """The works that listings offer, in their order, as `work_of` finds each."""
    names = [_names(book) for book in books]
    known = _known(db, names)
    missing: dict[str, str] = {}
    for keys in names:
        work_id = next((known[key] for key in keys if key in known), None) or new_id()
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


def _names(book: BookIn) -> list[str]:
    text = f"{' '.join(query_words(book.title)) or book.title}\n{' '.join(query_words(book.first_author))}"
    by_title = hashlib.sha256(text.encode()).hexdigest()
    return [f"isbn:{book.isbn13}", by_title] if book.isbn13 else [by_title]
