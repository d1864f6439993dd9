"""Listings in the database: one statement for each thing that is done with them."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bookstore.catalog.models import BookIn, BookOut, RatingOut, SellerOut, SeriesOut
from bookstore.catalog.volumes import order_of
from bookstore.catalog.words import index_words, query_words, subject_word
from bookstore.clock import rfc3339
from bookstore.database import Connection, Row, execute, execute_many, fetch_all, fetch_one
from bookstore.identity import User
from bookstore.ids import new_id
from bookstore.money import currency

_READ_AT_ONCE = 2000
_RATED = (
    "(SELECT ratings FROM works WHERE works.id = books.work_id) AS ratings,"
    " (SELECT stars FROM works WHERE works.id = books.work_id) AS stars"
)
LISTED = (
    "id, work_id, seller_id, seller_name, title, subtitle, contributors, isbn13, publisher, published, language,"
    " format, pages, series_title, series_volume, subjects, book_condition, price_cents, stock, version, created_at,"
    f" updated_at, cover, {_RATED}"
)
"""The columns that `shown` needs; with `description` for all of a book."""

_WRITTEN = (
    *("work_id", "title", "subtitle", "contributors", "isbn13", "publisher", "published", "language", "format"),
    *("pages", "series_title", "series_volume", "series_order", "subjects", "description", "description_format"),
    *("book_condition", "price_cents", "stock"),
    *("stock_supplied", "updated_at", "title_words", "author_words", "other_words"),
)
# What the seller wrote that is kept as it is.
_COPIED = (
    *("title", "subtitle", "isbn13", "publisher", "published", "language", "format", "pages"),
    *("description", "description_format", "price_cents"),
)
_MADE = ("id", "seller_id", "seller_name", "sku", "version", "created_at", *_WRITTEN)
_INSERT = f"INSERT INTO books ({', '.join(_MADE)}) VALUES ({', '.join(f'%({name})s' for name in _MADE)})"  # noqa: S608
_SETTING = ", ".join(f"{name} = %({name})s" for name in _WRITTEN)
_REPLACING = ", ".join(f"{name} = VALUES({name})" for name in ("sku", "version", *_WRITTEN))
_UPDATE = f"UPDATE books SET {_SETTING}, version = version + 1 WHERE id = %(id)s"  # noqa: S608


def load(db: Connection, book_id: str) -> Row | None:
    """A listing's row."""
    return fetch_one(db, f"SELECT books.*, {_RATED} FROM books WHERE id = %s", [book_id])  # noqa: S608


def lock(db: Connection, book_id: str) -> Row | None:
    """A listing's row, held against other changes until the caller's transaction ends."""
    return fetch_one(db, f"SELECT books.*, {_RATED} FROM books WHERE id = %s FOR UPDATE", [book_id])  # noqa: S608


def rating(db: Connection, work_id: str) -> Row:
    """The columns in which a listing shows what readers think of its work."""
    return fetch_one(db, "SELECT ratings, stars FROM works WHERE id = %s", [work_id]) or {}


def insert(db: Connection, row: Row) -> None:
    """Keep a new listing."""
    execute(db, _INSERT, row)


def insert_many(db: Connection, rows: Sequence[Row]) -> None:
    """Keep new listings, in one statement."""
    execute_many(db, _INSERT, rows)


def update(db: Connection, row: Row) -> None:
    """Replace a listing that the caller has locked, and raise its version."""
    execute(db, _UPDATE, row)


def delete(db: Connection, book_id: str) -> None:
    """Remove a listing that the caller has locked."""
    execute(db, "DELETE FROM books WHERE id = %s", [book_id])


def replace_many(db: Connection, rows: Sequence[Row]) -> None:
    """Write listings that the caller has locked as they are in the rows, in one statement."""
    execute_many(db, f"{_INSERT} ON DUPLICATE KEY UPDATE {_REPLACING}", rows)


def delete_many(db: Connection, book_ids: Sequence[str]) -> None:
    """Remove listings that the caller has locked."""
    if book_ids:
        execute(db, "DELETE FROM books WHERE id IN %s", [book_ids])


def new_row(book: BookIn, *, work_id: str, seller: User, at: datetime, sku: str | None = None) -> Row:
    """The row of a new listing."""
    return {
        **columns(book),
        "id": new_id(),
        "work_id": work_id,
        "seller_id": seller.id,
        "seller_name": seller.name,
        "sku": sku,
        "stock": book.stock,
        "stock_supplied": book.stock,
        "version": 1,
        "created_at": at,
        "updated_at": at,
    }


def columns(book: BookIn) -> dict[str, Any]:
    """The columns that follow from what the seller wrote."""
    return {
        **told(book),
        "title_words": " ".join(query_words(book.title)),
        "author_words": _words(*(person.name for person in book.people)),
        "other_words": " ".join([_words(*_other_texts(book)), *map(subject_word, book.subjects)]),
    }


def told(book: BookIn) -> dict[str, Any]:
    """The columns that hold what the seller wrote."""
    return {
        **{name: getattr(book, name) for name in _COPIED},
        "contributors": json.dumps([person.kept() for person in book.people], ensure_ascii=False),
        "series_title": book.series.title if book.series else None,
        "series_volume": book.series.volume if book.series else None,
        "series_order": order_of(book.series.volume) if book.series else None,
        "subjects": json.dumps(list(dict.fromkeys(book.subjects))),
        "book_condition": book.condition,
    }


def written(row: Row) -> dict[str, Any]:
    """What the seller wrote, as BookIn takes it; a field that was left out is None."""
    series = {"title": row["series_title"], "volume": row["series_volume"]} if row["series_title"] else None
    return {
        **{name: row[name] for name in (*_COPIED, "stock")},
        "contributors": json.loads(row["contributors"]),
        "series": series,
        "subjects": json.loads(row["subjects"]),
        "condition": row["book_condition"],
    }


def shown(row: Row) -> BookOut:
    """A listing as the API shows it."""
    series = SeriesOut(title=row["series_title"], volume=row["series_volume"]) if row["series_title"] else None
    copied = ("id", "work_id", "title", "subtitle", "isbn13", "publisher", "published", "language", "format", "pages")
    return BookOut(
        **{name: row[name] for name in (*copied, "price_cents", "stock", "version")},
        contributors=json.loads(row["contributors"]),
        series=series,
        subjects=json.loads(row["subjects"]),
        description=row.get("description"),
        description_format="html" if row.get("description") and row["description_format"] == "html" else None,
        condition=row["book_condition"],
        currency=currency(),
        cover_url=_cover_url(row),
        seller=SellerOut(id=row["seller_id"], name=row["seller_name"]),
        rating=_rating(row.get("ratings") or 0, row.get("stars") or 0),
        created_at=rfc3339(row["created_at"]),
        updated_at=rfc3339(row["updated_at"]),
    )


def _cover_url(row: Row) -> str:
    if row.get("cover"):
        return f"/api/books/{row['id']}/cover?v={row['cover']}"
    # The shop draws it and leads from here to its present name.
    return f"/covers/{row['id']}/cover.svg"


def _rating(ratings: int, stars: int) -> RatingOut | None:
    return RatingOut(average=round(stars / ratings, 2), count=ratings) if ratings else None


def _other_texts(book: BookIn) -> tuple[str, ...]:
    series = (book.series.title, book.series.volume or "") if book.series else ()
    # The title once more, with the parts of its words: title_words is what a title is compared with.
    return (book.title, book.subtitle or "", *series, book.publisher or "", book.isbn13 or "")


def _words(*texts: str) -> str:
    return " ".join(dict.fromkeys(word for text in texts for word in index_words(text)))


def every_listing(db: Connection, columns: str) -> Iterator[list[Row]]:
    """These columns of every listing, `number` among them, some listings at a time in the order of their numbers."""
    last, page = 0, f"SELECT {columns} FROM books WHERE number > %s ORDER BY number LIMIT %s"  # noqa: S608
    while rows := fetch_all(db, page, [last, _READ_AT_ONCE]):
        yield rows
        last = rows[-1]["number"]
