"""Listings: a seller puts a book on sale, changes it, takes it off; everybody reads it.

Every change tells of itself in its own transaction. The stock shown is a copy: what is left is known to the orders
domain, which hears of the copies put in or taken out through the running sum `stock_supplied`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bookstore.catalog import records
from bookstore.catalog.models import MAX_STOCK, BookIn, BookOut
from bookstore.catalog.people import named
from bookstore.catalog.works import work_of, works_after
from bookstore.clock import now
from bookstore.database import Connection, Row, connection, transaction
from bookstore.errors import Forbidden, InvalidFields, NotFound, PreconditionFailed
from bookstore.events.acts import announce_act
from bookstore.events.envelope import Event
from bookstore.events.outbox import append
from bookstore.identity import User
from bookstore.money import currency

MAX_SUPPLIED = 10**9
TOO_MANY = f"must not exceed {MAX_STOCK}, with the copies that came back meanwhile"


def create_book(book: BookIn, *, seller: User, trace: str, at: datetime | None = None) -> BookOut:
    """Put a book on sale."""
    return transaction("catalog", lambda db: add_book(db, book, seller=seller, trace=trace, at=at or now()))


def add_book(db: Connection, book: BookIn, *, seller: User, trace: str, at: datetime) -> BookOut:
    """Put a book on sale in the caller's transaction."""
    row = records.new_row(book, work_id=work_of(db, book), seller=named(db, seller), at=at)
    records.insert(db, row)
    append(db, listing_event("book.created", row, trace))
    return records.shown(row | records.rating(db, row["work_id"]))


def get_book(book_id: str) -> BookOut:
    """A listing. Raises NotFound."""
    row = records.load(connection("catalog"), book_id)
    if row is None:
        raise NotFound("There is no such book.")
    return records.shown(row)


def update_book(
    book_id: str, book: BookIn, *, by: User, seen: tuple[int, int | None], trace: str, at: datetime | None = None
) -> BookOut:
    """Replace a listing with what its seller wrote, who had `seen` its version and stock.

    The stock changes by the difference from the stock seen, so that copies sold meanwhile stay sold.
    Raises NotFound, Forbidden, PreconditionFailed for an older version, and InvalidFields for too many copies.
    """
    version, seen_stock = seen
    if seen_stock is None or seen_stock > MAX_STOCK:
        raise InvalidFields.one("If-Match", 'must be the ETag of the book as read, such as "7-12"')

    def work(db: Connection) -> BookOut:
        row = own_listing(db, book_id, by, version)
        added = book.stock - seen_stock
        (work_id,) = works_after(db, [(row, book)])
        row |= records.columns(book) | {
            "work_id": work_id,
            "stock": _checked_stock(row["stock"] + added),
            "stock_supplied": _checked_sum(row["stock_supplied"] + added),
            "updated_at": at or now(),
        }
        records.update(db, row)
        row["version"] += 1
        append(db, listing_event("book.updated", row, trace))
        trace_act(db, "update_book", row, by, trace)
        return records.shown(row | records.rating(db, row["work_id"]))

    return transaction("catalog", work)


def delete_book(book_id: str, *, by: User, version: int | None, trace: str) -> None:
    """Take a book off the catalog, whatever its version when `version` is None.

    Raises NotFound, Forbidden, and PreconditionFailed for an older version.
    """

    def work(db: Connection) -> None:
        row = own_listing(db, book_id, by, version)
        take_off(db, row, trace=trace)
        trace_act(db, "delete_book", row, by, trace)

    transaction("catalog", work)


def take_off(db: Connection, row: Row, *, trace: str) -> None:
    """Take a listing off the catalog that the caller has locked."""
    records.delete(db, row["id"])
    append(db, deleted_event(row, trace))


def etag(book: BookOut) -> str:
    """Version and stock, and the rating if there is one: everything of a book that changes."""
    rated = f"-{book.rating.count}-{book.rating.average}" if book.rating else ""
    return f'"{book.version}-{book.stock}{rated}"'


def to_json(book: BookOut) -> dict[str, Any]:
    """The book without the fields that are not known."""
    return book.model_dump(exclude_none=True)


def own_listing(db: Connection, book_id: str, by: User, version: int | None) -> Row:
    """A listing's row, locked for a change by its seller or an admin; of any version when `version` is None.

    Raises NotFound, Forbidden, and PreconditionFailed for an older version.
    """
    row = records.lock(db, book_id)
    if row is None:
        raise NotFound("There is no such book.")
    if by.id != row["seller_id"] and by.role != "admin":
        raise Forbidden("Only the seller of a book may change it.")
    if version is not None and row["version"] != version:
        raise PreconditionFailed("The book has changed since you read it. Read it again.", version=row["version"])
    return row


def trace_act(db: Connection, act: str, row: Row, by: User, trace: str) -> None:
    if by.id != row["seller_id"]:
        announce_act(db, "catalog", by, act, ("book", row["id"]), trace=trace, seller_id=row["seller_id"])


def _checked_stock(stock: int) -> int:
    if stock > MAX_STOCK:
        raise InvalidFields.one("stock", TOO_MANY)
    # Fewer may be left than the seller wants to take out; the orders domain will say how many there were.
    return max(0, stock)


def _checked_sum(supplied: int) -> int:
    if abs(supplied) > MAX_SUPPLIED:
        raise InvalidFields.one("stock", "has been changed too often by too much")
    return supplied


def listing_event(kind: str, row: Row, trace: str) -> Event:
    """What is told of a listing that is as in `row`: `book.created` or `book.updated`."""
    copied = ("seller_id", "seller_name", "title", "price_cents", "stock_supplied")
    data = {name: row[name] for name in copied} | {"currency": currency()}
    return _event(kind, row["id"], row["version"], data, trace)


def deleted_event(row: Row, trace: str) -> Event:
    """What is told of a listing that was as in `row` and is gone."""
    data = {name: row[name] for name in ("seller_id", "stock_supplied")}
    return _event("book.deleted", row["id"], row["version"] + 1, data, trace)


def _event(kind: str, book_id: str, version: int, data: Mapping[str, Any], trace: str) -> Event:
    everything = {"book_id": book_id, **data, "version": version}
    return Event(type=kind, subject=book_id, version=version, data=everything, trace=trace)
