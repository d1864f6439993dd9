"""Covers that sellers put on their listings; a listing without one is drawn by the shop."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import StringConstraints

from bookstore.catalog import records
from bookstore.catalog.books import listing_event, own_listing, trace_act
from bookstore.catalog.models import BookOut
from bookstore.clock import now
from bookstore.database import Connection, Row, connection, execute, fetch_one, transaction
from bookstore.errors import NotFound
from bookstore.events.outbox import append
from bookstore.fields import Input
from bookstore.identity import User

if TYPE_CHECKING:
    # Only who puts a cover on needs what unpacks it.
    from bookstore.catalog.pictures import Picture

Size = Literal["large", "small"]


class CoverQuery(Input):
    """Which of the two sizes, and which cover: the one with this hash may be kept for good."""

    size: Size = "large"
    v: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")] | None = None


@dataclass(frozen=True)
class Cover:
    """A JPEG, and the headers for it."""

    content: bytes
    headers: dict[str, str]


def get_cover(book_id: str, query: CoverQuery) -> Cover:
    """A listing's cover; under its own hash it may be kept for good. Raises NotFound."""
    row = fetch_one(
        connection("catalog"),
        f"SELECT books.cover, covers.{query.size} AS content FROM covers"  # noqa: S608
        " JOIN books ON books.id = covers.book_id WHERE covers.book_id = %s",
        [book_id],
    )
    if row is None:
        raise NotFound("This book has no cover of its own.")
    kept = "public, max-age=31536000, immutable" if query.v == row["cover"] else "public, max-age=60"
    headers = {"Content-Type": "image/jpeg", "Cache-Control": kept, "ETag": f'"{row["cover"]}-{query.size}"'}
    return Cover(row["content"], headers | {"X-Content-Type-Options": "nosniff"})


def set_cover(book_id: str, picture: "Picture", *, by: User, trace: str, at: datetime | None = None) -> BookOut:
    """Put a cover on a listing; the one that it has already changes nothing. Raises NotFound and Forbidden."""

    def work(db: Connection) -> BookOut:
        row = own_listing(db, book_id, by, None)
        if row["cover"] != picture.hash:
            execute(
                db,
                "INSERT INTO covers (book_id, large, small) VALUES (%s, %s, %s)"
                " ON DUPLICATE KEY UPDATE large = VALUES(large), small = VALUES(small)",
                [book_id, picture.large, picture.small],
            )
            _change(db, row, picture.hash, trace, at or now())
            trace_act(db, "set_cover", row, by, trace)
        return records.shown(row)

    return transaction("catalog", work)


def delete_cover(book_id: str, *, by: User, trace: str, at: datetime | None = None) -> None:
    """Take the cover off a listing; the shop draws it again. Raises NotFound and Forbidden."""

    def work(db: Connection) -> None:
        row = own_listing(db, book_id, by, None)
        if execute(db, "DELETE FROM covers WHERE book_id = %s", [book_id]) == 0:
            raise NotFound("This book has no cover of its own.")
        _change(db, row, None, trace, at or now())
        trace_act(db, "delete_cover", row, by, trace)

    transaction("catalog", work)


def _change(db: Connection, row: Row, cover: str | None, trace: str, at: datetime) -> None:
    execute(
        db,
        "UPDATE books SET cover = %s, version = version + 1, updated_at = %s WHERE id = %s",
        [cover, at, row["id"]],
    )
    row |= {"cover": cover, "version": row["version"] + 1, "updated_at": at}
    append(db, listing_event("book.updated", row, trace))
