"""Keep the index in step with the database: build it where it is missing, then take in what the queue tells of."""

import logging
import threading
import time
from collections.abc import Iterator
from itertools import chain

from bookstore.catalog.index import metrics
from bookstore.catalog.index.store import Store
from bookstore.catalog.records import every_listing
from bookstore.catalog.search.kept import COLUMNS
from bookstore.database import Connection, Row, execute, fetch_all, fetch_one, opened

_READ_AT_ONCE = 2000
_POLL_SECONDS = 0.2
_PAUSE_SECONDS = 1.0
_COMPARE_SECONDS = 600.0

log = logging.getLogger(__name__)


class Feeder:
    """Works until told to stop; what fails is logged and tried again."""

    def __init__(self, database_url: str, store: Store, *, compare_every: float = _COMPARE_SECONDS) -> None:
        self._url, self._store, self._compare_every = database_url, store, compare_every
        self._compare_at = 0.0
        self._trouble = ""

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            try:
                self._session(stop)
            # Nothing may end this loop: changed books wait for it.
            except Exception as error:
                self._failed(error)
                stop.wait(_PAUSE_SECONDS)

    def _session(self, stop: threading.Event) -> None:
        with opened(self._url) as db:
            if self._store.current is None and not self._store.open():
                self._build(db, "there is none that can be read")
            while not stop.is_set():
                stop.wait(0 if self._turn(db) == _READ_AT_ONCE else _POLL_SECONDS)

    def _turn(self, db: Connection) -> int:
        """Take in the oldest changes; return how many there were."""
        changes = fetch_all(db, "SELECT id, number FROM search_queue ORDER BY id LIMIT %s", [_READ_AT_ONCE])
        metrics.WAITING.set(len(changes))
        if changes:
            numbers = {change["number"] for change in changes}
            books = fetch_all(db, f"SELECT {COLUMNS} FROM books WHERE number IN %s", [numbers])  # noqa: S608
            self._store.apply(numbers, books)
            # Only now: what is lost before is read again.
            execute(db, "DELETE FROM search_queue WHERE id IN %s", [[change["id"] for change in changes]])
            metrics.TAKEN_IN.inc(len(changes))
        elif time.monotonic() >= self._compare_at:
            self._compare(db)
        metrics.BOOKS.set(self._store.books)
        self._trouble = ""
        return len(changes)

    def _compare(self, db: Connection) -> None:
        """Build anew what belongs to another database: a volume may be older than its neighbor, or left behind."""
        self._compare_at = time.monotonic() + self._compare_every
        # In one statement, so that both are of the same moment.
        there = fetch_one(
            db, "SELECT (SELECT COUNT(*) FROM books) AS books, (SELECT COUNT(*) FROM search_queue) AS waiting"
        )
        if there and not there["waiting"] and there["books"] != self._store.books:
            self._build(db, f"it has {self._store.books} books and the database {there['books']}")

    def _build(self, db: Connection, why: str) -> None:
        begun = time.monotonic()
        self._store.build(every_book(db))
        metrics.BUILDS.inc()
        seconds = round(time.monotonic() - begun, 1)
        log.warning("built anew", extra={"reason": why, "books": self._store.books, "seconds": seconds})

    def _failed(self, error: Exception) -> None:
        metrics.ERRORS.inc()
        told = f"{type(error).__name__}: {error}"
        if told != self._trouble:
            log.warning("the index waits", extra={"reason": told})
        self._trouble = told


def every_book(db: Connection) -> Iterator[Row]:
    """Every book, a few at a time. What changes meanwhile is in the queue."""
    return chain.from_iterable(every_listing(db, COLUMNS))
