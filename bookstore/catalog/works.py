"""Works: what several listings offer, recognized by their ISBN, or by title and first author."""

import hashlib

from bookstore.catalog.models import BookIn
from bookstore.catalog.words import query_words
from bookstore.database import Connection, execute, fetch_all, fetch_one
from bookstore.ids import new_id


def work_of(db: Connection, book: BookIn) -> str:
    """The id of the work that a listing offers, in the caller's transaction; a new one when nobody offered it before.

    The ISBN decides where it and the title lead to different works. The row in `works` is held until the transaction
    ends, so that a sale is counted either before the listing takes over the sum or with the listing.
    """
    work_id = _recognized(db, _names(book))
    execute(db, "INSERT INTO works (id) VALUES (%s) ON DUPLICATE KEY UPDATE id = id", [work_id])
    return work_id


def _recognized(db: Connection, names: list[str]) -> str:
    rows = fetch_all(db, "SELECT name, work_id FROM work_keys WHERE name IN %s", [names])
    known = {row["name"]: row["work_id"] for row in rows}
    if names[0] not in known or len(known) < len(names):
        _remember(db, names, next((known[name] for name in names if name in known), None) or new_id())
    # Read again: somebody else may have been first with the same work.
    found = fetch_one(db, "SELECT work_id FROM work_keys WHERE name = %s", [names[0]])
    return str(found["work_id"]) if found else new_id()


def _remember(db: Connection, names: list[str], work_id: str) -> None:
    for name in names:
        execute(
            db,
            "INSERT INTO work_keys (name, work_id) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = name",
            [name, work_id],
        )


def _names(book: BookIn) -> list[str]:
    text = f"{' '.join(query_words(book.title)) or book.title}\n{' '.join(query_words(book.first_author))}"
    by_title = hashlib.sha256(text.encode()).hexdigest()
    return [f"isbn:{book.isbn13}", by_title] if book.isbn13 else [by_title]
