"""What is left of each book. Every change is conditional, leaves a movement, and is told to the catalog."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bookstore.clock import now
from bookstore.database import Connection, execute, execute_many, fetch_all
from bookstore.errors import Conflict
from bookstore.orders.announcements import announce_stock
from bookstore.orders.people import Actor


@dataclass(frozen=True)
class Book:
    """A book as the orders domain knows it."""

    book_id: str
    seller_id: str
    title: str
    price_cents: int
    available: bool
    stock: int
    stock_supplied: int
    book_version: int
    version: int


@dataclass(frozen=True)
class Wanted:
    """What a buyer wants of a book: so many copies, for no more than this each (None: at any price)."""

    quantity: int
    price_cents: int | None = None


@dataclass(frozen=True)
class Movement:
    """A change of a book's stock and why: `sold` is negative."""

    book_id: str
    kind: str
    quantity: int
    reason: str
    order_id: str | None = None


def lock_books(db: Connection, book_ids: Collection[str]) -> dict[str, Book]:
    """Read the books that exist among the ids, and keep others from changing them.

    In the order of their ids, so that two baskets never wait for each other.
    """
    rows = fetch_all(
        db,
        "SELECT * FROM inventory FORCE INDEX (PRIMARY) WHERE book_id IN %s ORDER BY book_id FOR UPDATE",
        [sorted(book_ids)],
    )
    return {row["book_id"]: Book(**row) for row in rows}


def reserve(db: Connection, wanted: Mapping[str, Wanted], *, order_id: str, by: Actor) -> dict[str, Book]:
    """Take the wanted copies out of the stock; return the books as they were.

    Raises Conflict naming every book that cannot be had as wanted; then nothing must be kept.
    """
    books = lock_books(db, wanted)
    refused = [problem for book_id, want in wanted.items() if (problem := _problem(book_id, books.get(book_id), want))]
    if refused:
        raise _refusal(refused, list(wanted))
    moves = [Movement(book_id, "sold", -want.quantity, "ordered", order_id) for book_id, want in wanted.items()]
    change_stock(db, books, moves, by=by)
    return books


def give_back(db: Connection, quantities: Mapping[str, int], *, order_id: str, reason: str, by: Actor) -> None:
    """Put copies of an order back into the stock."""
    if quantities:
        books = lock_books(db, quantities)
        moves = [Movement(book_id, "returned", copies, reason, order_id) for book_id, copies in quantities.items()]
        change_stock(db, books, moves, by=by)


def change_stock(db: Connection, books: Mapping[str, Book], moves: Collection[Movement], *, by: Actor) -> None:
    """Carry out movements of locked books, one for each book, in one statement. Raises Conflict below zero."""
    deltas = {move.book_id: move.quantity for move in moves}
    cases = " ".join(["WHEN %s THEN %s"] * len(deltas))
    arguments = [value for pair in deltas.items() for value in pair]
    changed = execute(
        db,
        f"UPDATE inventory SET stock = stock + CASE book_id {cases} END, version = version + 1"  # noqa: S608
        f" WHERE book_id IN %s AND stock + CASE book_id {cases} END >= 0",
        [*arguments, list(deltas), *arguments],
    )
    if changed != len(deltas):
        raise Conflict("There are not enough copies left.")
    record_movements(db, moves, by=by)
    for book_id in sorted(deltas):
        book = books[book_id]
        announce_stock(db, book_id, book.stock + deltas[book_id], book.version + 1, trace=by.trace)


def record_movements(db: Connection, moves: Iterable[Movement], *, by: Actor) -> None:
    """Write movements into the ledger of the stock."""
    at = now()
    execute_many(
        db,
        "INSERT INTO inventory_movements (book_id, kind, quantity, order_id, actor, reason, at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [(move.book_id, move.kind, move.quantity, move.order_id, by.id, move.reason, at) for move in moves],
    )


def _problem(book_id: str, book: Book | None, want: Wanted) -> dict[str, object] | None:
    if book is None or not book.available:
        reason = "unknown" if book is None else "deleted"
        return {"book_id": book_id, "reason": reason, "message": "is not for sale"}
    named = {"book_id": book_id, "title": book.title}
    if book.stock < want.quantity:
        message = f"has {book.stock} copies left" if book.stock else "is sold out"
        return {**named, "reason": "sold_out", "available": book.stock, "message": message}
    if want.price_cents is not None and want.price_cents < book.price_cents:
        prices = {"seen_price_cents": want.price_cents, "price_cents": book.price_cents}
        return {**named, "reason": "price_changed", **prices, "message": "has become dearer"}
    return None


def _refusal(refused: list[dict[str, object]], lines: list[str]) -> Conflict:
    texts = [f"{item.get('title', item['book_id'])} {item['message']}" for item in refused]
    error = Conflict(f"Not everything can be ordered: {'; '.join(texts)}.", items=refused)
    error.errors = [
        {"field": f"items[{lines.index(str(item['book_id']))}]", "message": str(item["message"])} for item in refused
    ]
    return error
