"""Keep the inventory in step with the catalog: the effect of `book.*` events."""

from bookstore.database import Connection, execute, transaction
from bookstore.events.envelope import Event
from bookstore.events.inbox import first_time
from bookstore.orders.announcements import announce_stock
from bookstore.orders.inventory import Book, Movement, lock_books, record_movements
from bookstore.orders.people import Actor

_CONSUMER = "sync-inventory"


def sync_inventory(event: Event) -> None:
    """Take in what an event tells of a book. An event known already, or older than what is known, changes nothing.

    The supplied stock is a running sum, so an event also makes good for those before it that have yet to come.
    """

    def work(db: Connection) -> None:
        if first_time(db, _CONSUMER, event.id):
            book = _known(db, event)
            if event.version > book.book_version:
                _take_in(db, book, event)

    transaction("orders", work)


def restore(event: Event, *, seen: int) -> None:
    """Take in what an event tells of a book whatever its version, unless the copy `seen` to be wrong has changed."""

    def work(db: Connection) -> None:
        book = _known(db, event)
        if book.book_version == seen:
            _take_in(db, book, event)

    transaction("orders", work)


def _known(db: Connection, event: Event) -> Book:
    found = lock_books(db, [event.subject])
    if not found:
        # Whoever comes second finds the row of the first and waits for it.
        execute(
            db,
            "INSERT INTO inventory (book_id, seller_id, title, price_cents, available, stock, stock_supplied,"
            " book_version, version) VALUES (%s, %s, '', 0, FALSE, 0, 0, 0, 0)"
            " ON DUPLICATE KEY UPDATE book_id = book_id",
            [event.subject, event.data["seller_id"]],
        )
        found = lock_books(db, [event.subject])
    return found[event.subject]


def _take_in(db: Connection, book: Book, event: Event) -> None:
    data, added = event.data, event.data["stock_supplied"] - book.stock_supplied
    # A seller may take out copies that are sold meanwhile; those are not there to be taken.
    missing = max(0, -(book.stock + added))
    # The catalog may have reckoned with every change that this event skips, so it hears what came of them.
    skipped = event.version > book.book_version + 1
    left, told = book.stock + added + missing, added != 0 or skipped or book.version == 0
    execute(
        db,
        "UPDATE inventory SET title = %s, price_cents = %s, available = %s, stock = %s, stock_supplied = %s,"
        " book_version = %s, version = version + %s WHERE book_id = %s AND book_version = %s",
        [
            *(data.get("title", book.title), data.get("price_cents", book.price_cents)),
            *(event.type != "book.deleted", left, data["stock_supplied"]),
            *(event.version, int(told), book.book_id, book.book_version),
        ],
    )
    moves = [Movement(book.book_id, "received", added, event.type)] if added else []
    moves += [Movement(book.book_id, "corrected", missing, "taken out after it was sold")] if missing else []
    if moves:
        record_movements(db, moves, by=Actor(data["seller_id"], "", "", event.trace))
    if told:
        announce_stock(db, book.book_id, left, book.version + 1, trace=event.trace)
