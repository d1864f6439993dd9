"""One domain's loop: ask the outbox, publish, mark; now and then count and clean."""

import logging
import threading
import time
from typing import Protocol

from bookstore.database import Connection, opened
from bookstore.events.relay import metrics, pending
from bookstore.events.relay.broker import BrokerAway
from bookstore.events.relay.pending import Message
from bookstore.events.relay.settings import Settings

_COUNT_EVERY = 5
_CLEAN_EVERY = 60
_LOCK_WAIT = 2

log = logging.getLogger(__name__)


class Publisher(Protocol):
    """Where a batch goes; returns what was confirmed, raises BrokerAway."""

    def publish(self, messages: list[Message]) -> list[Message]:
        """Publish and wait for the confirms."""


class DomainRelay:
    """Moves one domain's events until told to stop; what fails is logged and tried again."""

    def __init__(self, domain: str, database_url: str, publisher: Publisher, settings: Settings) -> None:
        self.domain = domain
        self._url = database_url
        self._publisher = publisher
        self._settings = settings
        self._due = {self._count: 0.0, self._clean: 0.0}
        self._trouble = ""

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            try:
                self._session(stop)
            # Nothing may end this loop: committed events wait for it.
            except Exception as error:
                self._failed(error)
                stop.wait(self._settings.pause)
            finally:
                metrics.ACTIVE.labels(self.domain).set(0)

    def _session(self, stop: threading.Event) -> None:
        with opened(self._url) as db:
            self._work(db, stop)

    def _work(self, db: Connection, stop: threading.Event) -> None:
        if not pending.become_the_only_relay(db, wait=_LOCK_WAIT):
            return
        log.info("relaying", extra={"domain": self.domain})
        metrics.ACTIVE.labels(self.domain).set(1)
        while not stop.is_set():
            self._now_and_then(db)
            stop.wait(self._turn(db))

    def _turn(self, db: Connection) -> float:
        """Publish and mark one batch; return how long to wait before the next, in seconds."""
        try:
            more = self._publish(db)
        except BrokerAway as error:
            self._failed(error)
            return self._settings.pause
        return 0 if more else self._settings.poll

    def _publish(self, db: Connection) -> bool:
        batch = pending.pending(db, self._settings.batch)
        if not batch:
            return False
        confirmed = self._publisher.publish(batch)
        pending.mark_published(db, [message.row for message in confirmed])
        metrics.PUBLISHED.labels(self.domain).inc(len(confirmed))
        if len(confirmed) < len(batch):
            raise BrokerAway(f"{len(batch) - len(confirmed)} of {len(batch)} messages were not confirmed.")
        self._trouble = ""
        return len(batch) == self._settings.batch

    def _now_and_then(self, db: Connection) -> None:
        for work, due in self._due.items():
            if time.monotonic() >= due:
                self._due[work] = time.monotonic() + work(db)

    def _count(self, db: Connection) -> float:
        found = pending.backlog(db)
        metrics.PENDING.labels(self.domain).set(found.messages)
        metrics.OLDEST.labels(self.domain).set(found.oldest)
        return _COUNT_EVERY

    def _clean(self, db: Connection) -> float:
        deleted = pending.delete_published(db, older_than=self._settings.keep_published)
        return 0 if deleted == pending.DELETED_AT_ONCE else _CLEAN_EVERY

    def _failed(self, error: Exception) -> None:
        metrics.ERRORS.labels(self.domain).inc()
        told = f"{type(error).__name__}: {error}"
        if told != self._trouble:
            log.warning("the relay waits", extra={"domain": self.domain, "reason": told})
        self._trouble = told
