"""Listings by the hundred: what `bookstore.catalog.books` does to one, in a few statements for all."""

from collections.abc import Sequence
from datetime import datetime

from bookstore.catalog import records
from bookstore.catalog.books import deleted_event, listing_event
from bookstore.catalog.models import BookIn
from bookstore.catalog.people import named
from bookstore.catalog.works import works_after, works_of
from bookstore.database import Connection, Row
from bookstore.events.outbox import append_all
from bookstore.identity import User


def add_books(
    db: Connection, books: Sequence[tuple[BookIn, str | None]], *, seller: User, trace: str, at: datetime
) -> None:
    """Put books on sale, each under the seller's own number if it has one, in the caller's transaction."""
    works, seller = works_of(db, [book for book, _ in books]), named(db, seller)
    rows = [
        records.new_row(book, work_id=work_id, seller=seller, at=at, sku=sku)
        for (book, sku), work_id in zip(books, works, strict=True)
    ]
    records.insert_many(db, rows)
    append_all(db, [listing_event("book.created", row, trace) for row in rows])


def update_books(db: Connection, changes: Sequence[tuple[Row, BookIn, int]], *, trace: str, at: datetime) -> None:
    """Replace listings that the caller has locked, each with so many copies more, in the caller's transaction."""
    works = works_after(db, [(row, book) for row, book, _ in changes])
    rows = [
        row
        | records.columns(book)
        | {
            "work_id": work_id,
            "stock": max(0, row["stock"] + added),
            "stock_supplied": row["stock_supplied"] + added,
            "version": row["version"] + 1,
            "updated_at": at,
        }
        for (row, book, added), work_id in zip(changes, works, strict=True)
    ]
    records.replace_many(db, rows)
    append_all(db, [listing_event("book.updated", row, trace) for row in rows])


def delete_books(db: Connection, rows: Sequence[Row], *, trace: str) -> None:
    """Take listings that the caller has locked off the catalog, in the caller's transaction."""
    records.delete_many(db, [row["id"] for row in rows])
    append_all(db, [deleted_event(row, trace) for row in rows])
