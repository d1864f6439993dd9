"""A seller counts the books again: corrections of the stock, and every change of it."""

from typing import Any

from bookstore.database import Connection, connection, fetch_all
from bookstore.errors import Conflict, Forbidden, NotFound
from bookstore.events.acts import announce_act
from bookstore.fields import NumberedQuery
from bookstore.orders.idempotency import Answer, Request, answer_once
from bookstore.orders.inventory import Book, Movement, change_stock, find_books, lock_books
from bookstore.orders.models import Correction, MovementOut, StockOut
from bookstore.orders.pages import paged
from bookstore.orders.people import Actor

MAX_STOCK = 10**6


def correct_stock(book_id: str, correction: Correction, *, seller: Actor, request: Request) -> dict[str, Any]:
    """Add copies that were found, or take out copies that are missing; return what is left as JSON.

    What the seller supplied stays as it was. Raises NotFound, Forbidden, and Conflict when fewer copies are left than
    are missing.
    """

    def work(db: Connection) -> Answer:
        book = _own(lock_books(db, [book_id]).get(book_id), seller)
        left = book.stock + correction.quantity
        if not 0 <= left <= MAX_STOCK:
            raise Conflict(f"There are {book.stock} copies left, and there must be 0 to {MAX_STOCK}.", stock=book.stock)
        move = Movement(book_id, "corrected", correction.quantity, correction.reason, seller.id)
        change_stock(db, [move], trace=seller.trace)
        _trace_act(db, book, correction, seller)
        return Answer(201, StockOut(book_id=book_id, stock=left).model_dump())

    return answer_once(request, work)


def list_movements(book_id: str, query: NumberedQuery, *, reader: Actor) -> dict[str, Any]:
    """Every change of a book's stock, the newest first, for its seller and admins. Raises NotFound and Forbidden."""
    db = connection("orders")
    _own(find_books(db, [book_id]).get(book_id), reader)
    rows = fetch_all(
        db,
        "SELECT id, kind, quantity, order_id, actor, reason, at FROM inventory_movements"
        " WHERE book_id = %s AND id < %s ORDER BY id DESC LIMIT %s",
        [book_id, int(query.cursor or 10**18), query.limit + 1],
    )
    return paged(MovementOut, rows, query)


def _trace_act(db: Connection, book: Book, correction: Correction, by: Actor) -> None:
    if by.id != book.seller_id:
        details = correction.model_dump() | {"seller_id": book.seller_id}
        announce_act(db, "orders", by, "correct_stock", ("book", book.book_id), trace=by.trace, **details)


def _own(book: Book | None, actor: Actor) -> Book:
    if book is None:
        raise NotFound("There is no such book.")
    if actor.id != book.seller_id and actor.role != "admin":
        raise Forbidden("Only the seller of a book may do this.")
    return book
