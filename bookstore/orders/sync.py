"""Keep the inventory in step with the catalog: the effect of `book.*` events."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bookstore.database import Connection, execute_many, transaction
from bookstore.errors import Unprocessable
from bookstore.events.envelope import Event, newest
from bookstore.events.outbox import append_all
from bookstore.orders.announcements import stock_event
from bookstore.orders.inventory import Book, Movement, lock_books, record_movements
from bookstore.orders.settings import settings

_COLUMNS = (
    "INSERT INTO inventory"
    " (book_id, seller_id, title, price_cents, available, stock, stock_supplied, book_version, version)"
)


def sync_inventory(*events: Event) -> None:
    """Take in what events tell of books. One known already, or older than what is known, changes nothing.

    The supplied stock is a running sum, so an event also makes good for those before it that have yet to come.
    Raises Unprocessable, with nothing taken in, when one has its price in another currency than the orders'.
    """
    for event in events:
        _refuse_other_currency(event)

    def work(db: Connection) -> None:
        told = newest(events)
        books = _known(db, told)
        changes = [_Change(books[event.subject], event) for event in told]
        _take_in(db, [change for change in changes if change.is_news])

    transaction("orders", work)


def restore(event: Event, *, seen: int) -> None:
    """Take in what an event tells of a book whatever its version, unless the copy `seen` to be wrong has changed."""

    def work(db: Connection) -> None:
        book = _known(db, [event])[event.subject]
        if book.book_version == seen:
            _take_in(db, [_Change(book, event)])

    transaction("orders", work)


@dataclass(frozen=True)
class _Change:
    """A book as it is known, and what an event tells of it."""

    book: Book
    event: Event

    @property
    def is_news(self) -> bool:
        return self.event.version > self.book.book_version

    @property
    def added(self) -> int:
        """Copies that the seller has put in since, or taken out."""
        return int(self.event.data["stock_supplied"]) - self.book.stock_supplied

    @property
    def missing(self) -> int:
        """Copies taken out that are not there to be taken, for they were sold meanwhile."""
        return max(0, -(self.book.stock + self.added))

    @property
    def left(self) -> int:
        return self.book.stock + self.added + self.missing

    @property
    def is_told(self) -> bool:
        """Whether the catalog hears of it: it may have reckoned with every change that this event skips."""
        skips = self.event.version > self.book.book_version + 1
        return self.added != 0 or skips or self.book.version == 0

    @property
    def version(self) -> int:
        return self.book.version + self.is_told

    def movements(self) -> Iterator[Movement]:
        seller_id = self.event.data["seller_id"]
        if self.added:
            yield Movement(self.book.book_id, "received", self.added, self.event.type, actor=seller_id)
        if self.missing:
            yield Movement(self.book.book_id, "corrected", self.missing, "taken out after it was sold", actor=seller_id)


def _refuse_other_currency(event: Event) -> None:
    told = event.data.get("currency", settings().currency)
    if told != settings().currency:
        raise Unprocessable(f"{event.subject} is listed in {told}, and orders are in {settings().currency}.")


def _known(db: Connection, events: Iterable[Event]) -> dict[str, Book]:
    sellers = {event.subject: event.data["seller_id"] for event in events}
    found = lock_books(db, sellers)
    if missing := sorted(sellers.keys() - found.keys()):
        # Whoever comes second finds the rows of the first and waits for them.
        execute_many(
            db,
            f"{_COLUMNS} VALUES (%s, %s, '', 0, FALSE, 0, 0, 0, 0) ON DUPLICATE KEY UPDATE book_id = book_id",
            [(book_id, sellers[book_id]) for book_id in missing],
        )
        found |= lock_books(db, missing)
    return found


def _take_in(db: Connection, changes: Sequence[_Change]) -> None:
    if not changes:
        return
    execute_many(
        db,
        f"{_COLUMNS} VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " ON DUPLICATE KEY UPDATE title = VALUES(title), price_cents = VALUES(price_cents),"
        " available = VALUES(available), stock = VALUES(stock), stock_supplied = VALUES(stock_supplied),"
        " book_version = VALUES(book_version), version = VALUES(version)",
        [_row(change) for change in changes],
    )
    record_movements(db, [move for change in changes for move in change.movements()])
    told = [change for change in changes if change.is_told]
    append_all(db, [stock_event(it.book.book_id, it.left, it.version, trace=it.event.trace) for it in told])


def _row(change: _Change) -> tuple[object, ...]:
    book, event = change.book, change.event
    return (
        *(book.book_id, book.seller_id),
        *(event.data.get("title", book.title), event.data.get("price_cents", book.price_cents)),
        *(event.type != "book.deleted", change.left, event.data["stock_supplied"]),
        *(event.version, change.version),
    )
