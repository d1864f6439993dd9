"""What is left of each book. Every change is conditional, leaves a movement, and is told to the catalog."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bookstore.clock import now
from bookstore.database import Connection, execute, execute_many, fetch_all
from bookstore.errors import Conflict
from bookstore.events.outbox import append_all
from bookstore.orders.announcements import stock_event
from bookstore.orders.models import BasketLine
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
    """A change of a book's stock, by whom and why: `sold` is negative."""

    book_id: str
    kind: str
    quantity: int
    reason: str
    actor: str
    order_id: str | None = None


class StockMoved(Conflict):
    """A book changed between being read and being reserved: reading it again tells whether it can still be had."""

    def __init__(self) -> None:
        super().__init__("The books of this order have changed just now. Try again.")
        self.headers = {"Retry-After": "1"}


def wanted(lines: Iterable[BasketLine]) -> dict[str, Wanted]:
    """What a basket wants of each book: the copies of its lines together, at the lowest price agreed to."""
    copies: dict[str, int] = {}
    prices: dict[str, int] = {}
    for line in lines:
        copies[line.book_id] = copies.get(line.book_id, 0) + line.quantity
        if line.price_cents is not None:
            prices[line.book_id] = min(line.price_cents, prices.get(line.book_id, line.price_cents))
    return {book_id: Wanted(quantity, prices.get(book_id)) for book_id, quantity in copies.items()}


def lock_books(db: Connection, book_ids: Collection[str]) -> dict[str, Book]:
    """Read the books that exist among the ids, and keep others from changing them."""
    rows = fetch_all(db, "SELECT * FROM inventory WHERE book_id IN %s ORDER BY book_id FOR UPDATE", [sorted(book_ids)])
    return {row["book_id"]: Book(**row) for row in rows}


def find_books(db: Connection, book_ids: Collection[str]) -> dict[str, Book]:
    """Read the books that exist among the ids."""
    rows = fetch_all(db, "SELECT * FROM inventory WHERE book_id IN %s", [sorted(book_ids)])
    return {row["book_id"]: Book(**row) for row in rows}


def offered(db: Connection, wants: Mapping[str, Wanted]) -> dict[str, Book]:
    """Read the wanted books. Raises Conflict naming every one that cannot be had as wanted."""
    books = find_books(db, wants)
    refused = [found for book_id, want in wants.items() if (found := problem(book_id, books.get(book_id), want))]
    if refused:
        raise _refusal(refused, list(wants))
    return books


def reserve(
    db: Connection, books: Mapping[str, Book], wanted: Mapping[str, Wanted], *, order_id: str, by: Actor
) -> None:
    """Take the wanted copies of books out of the stock, if they still are as they were read.

    Raises StockMoved otherwise; then nothing must be kept.
    """
    moves = [Movement(book_id, "sold", -want.quantity, "ordered", by.id, order_id) for book_id, want in wanted.items()]
    change_stock(db, moves, trace=by.trace, seen=[(book_id, books[book_id].book_version) for book_id in wanted])


def give_back(db: Connection, quantities: Mapping[str, int], *, order_id: str, reason: str, by: Actor) -> None:
    """Put copies of an order back into the stock."""
    if quantities:
        moves = [
            Movement(book_id, "returned", copies, reason, by.id, order_id) for book_id, copies in quantities.items()
        ]
        change_stock(db, moves, trace=by.trace)


def record_movements(db: Connection, moves: Iterable[Movement]) -> None:
    """Write movements into the ledger of the stock."""
    at = now()
    execute_many(
        db,
        "INSERT INTO inventory_movements (book_id, kind, quantity, order_id, actor, reason, at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [(move.book_id, move.kind, move.quantity, move.order_id, move.actor, move.reason, at) for move in moves],
    )


def change_stock(
    db: Connection, moves: Sequence[Movement], *, trace: str, seen: Sequence[tuple[str, int]] = ()
) -> None:
    """Carry out one movement for each of some books. With `seen`, only if the books have these versions still.

    Raises StockMoved when a book is not there, or has too few copies; then nothing must be kept.
    """
    record_movements(db, moves)
    ids = [move.book_id for move in moves]
    cases = " ".join(["WHEN %s THEN %s"] * len(moves))
    deltas = [value for move in moves for value in (move.book_id, move.quantity)]
    # One statement locks the books in the order of their ids, so two baskets never wait for each other.
    changed = execute(
        db,
        f"UPDATE inventory SET stock = stock + CASE book_id {cases} END, version = version + 1"  # noqa: S608
        f" WHERE book_id IN %s AND stock + CASE book_id {cases} END >= 0"
        + (" AND available AND (book_id, book_version) IN %s" if seen else ""),
        [*deltas, ids, *deltas, *([list(seen)] if seen else [])],
    )
    if changed != len(moves):
        raise StockMoved
    left = fetch_all(db, "SELECT book_id, stock, version FROM inventory WHERE book_id IN %s", [ids])
    append_all(db, [stock_event(row["book_id"], row["stock"], row["version"], trace=trace) for row in left])


def problem(book_id: str, book: Book | None, want: Wanted) -> dict[str, object] | None:
    """Why a book cannot be had as wanted, or None."""
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
