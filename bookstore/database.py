"""The door to the databases: a connection for each thread and domain, and transactions that are retried.

Connections are in autocommit mode, so a read leaves no transaction open behind it; `transaction` begins one.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import unquote, urlsplit

import pymysql
from pymysql.cursors import DictCursor

from bookstore.errors import Unavailable
from bookstore.secrets import secret

if TYPE_CHECKING:
    Connection = pymysql.connections.Connection[DictCursor]
else:
    Connection = pymysql.connections.Connection

Domain = Literal["accounts", "catalog", "orders"]
Row = dict[str, Any]
Args = Sequence[Any] | Mapping[str, Any]
T = TypeVar("T")

ANSWER_SECONDS = 20.0
IDLE_SECONDS = 60
_PING_AFTER_SECONDS = 1
_ATTEMPTS = 5
# Record changed since last read, lock wait timeout, deadlock: the whole transaction may simply be run again.
_CONFLICTS = frozenset({1020, 1205, 1213})
# Not sent, server shutting down, killed, cannot connect, gone away, lost during the query.
_LOST = frozenset({0, 1053, 1927, 2002, 2003, 2006, 2013})


class ConnectionLost(Unavailable):
    """The database went away while it was used."""

    def __init__(self) -> None:
        super().__init__("The database does not answer. Try again in a moment.", retry_after=2)


class ValueRefused(Exception):
    """A value does not fit its column: a check is missing that should have said so to whoever sent it."""


@dataclass
class _Held:
    db: Connection
    used_at: float


_of_this_thread = threading.local()
_guard = threading.Lock()
_all_held: list[dict[Domain, _Held]] = []


def connect(url: str, *, answer_within: float = ANSWER_SECONDS) -> Connection:
    """Open an autocommitting connection to `mysql://user:password@host:port/database`.

    It is lost when the answer to a statement takes longer than `answer_within` seconds.
    """
    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname or "",
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=parts.path.lstrip("/"),
        charset="utf8mb4",
        cursorclass=DictCursor,
        autocommit=True,
        connect_timeout=3,
        read_timeout=answer_within,
        write_timeout=ANSWER_SECONDS,
        # A certificate that nobody checks protects nothing and costs a fifth of an order's processor time.
        ssl_disabled=True,
        init_command="SET transaction_isolation = 'READ-COMMITTED', time_zone = '+00:00'",
    )


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """A connection like `connect`'s that is closed at the end, unless it was lost: pymysql minds closing twice."""
    db = connect(url)
    try:
        yield db
    finally:
        if db.open:
            db.close()


@contextmanager
def unhurried(answer_within: float) -> Iterator[None]:
    """Give each statement of this thread so many seconds, on connections that are closed at the end."""
    usual = vars(_of_this_thread).copy()
    # Not known to what closes idle ones: it would take a long statement for idleness.
    held: dict[Domain, _Held] = {}
    vars(_of_this_thread).update(held=held, answer_within=answer_within)
    try:
        yield
    finally:
        vars(_of_this_thread).clear()
        vars(_of_this_thread).update(usual)
        for mine in held.values():
            with suppress(pymysql.err.Error):
                mine.db.close()


def connection(domain: Domain) -> Connection:
    """This thread's connection to a domain's database, opened on first use and after it was lost.

    Raises Unavailable when the database does not answer.
    """
    held = _connections_of_this_thread()
    mine = _take(held, domain)
    if mine is None:
        mine = _open(domain)
        with _guard:
            held[domain] = _Held(mine, time.monotonic())
    return mine


def transaction(domain: Domain, work: Callable[[Connection], T]) -> T:
    """Run `work` in a transaction and commit what it did; undo all of it when it raises.

    Conflicts with other transactions run the whole work again, so it must do nothing but use its connection.
    Raises Unavailable when the database went away; after a loss during the commit nobody knows the outcome.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _attempt(connection(domain), work)
        except pymysql.err.OperationalError as error:
            if error.args[0] not in _CONFLICTS:
                raise
            if attempt == _ATTEMPTS:
                raise Unavailable("Too many others changed the same thing. Try again.", retry_after=1) from error
        except ConnectionLost:
            # Nothing was committed yet; one new connection is worth a try, more would hold up the caller.
            if attempt > 1:
                raise
        time.sleep(random.uniform(0.002, 0.02) * attempt)  # noqa: S311
    raise AssertionError("unreachable: the last attempt returns or raises")


def fetch_one(db: Connection, sql: str, args: Args = ()) -> Row | None:
    """The first row of a query, or None."""
    with _statement(db, sql, args) as cursor:
        row: Row | None = cursor.fetchone()
        return row


def fetch_all(db: Connection, sql: str, args: Args = ()) -> list[Row]:
    """All rows of a query."""
    with _statement(db, sql, args) as cursor:
        return list(cursor.fetchall())


def execute(db: Connection, sql: str, args: Args = ()) -> int:
    """Run a statement; return the number of rows that it changed."""
    with _statement(db, sql, args) as cursor:
        return int(cursor.rowcount)


def execute_many(db: Connection, sql: str, rows: Sequence[Args]) -> int:
    """Run an `INSERT … VALUES (…)` for many rows, sent as one statement; return the number of rows."""
    with _translated(db), db.cursor() as cursor:
        return int(cursor.executemany(sql, rows) or 0)


def _attempt(db: Connection, work: Callable[[Connection], T]) -> T:
    with _translated(db):
        db.begin()
    try:
        result = work(db)
    except BaseException:
        with suppress(pymysql.err.Error):
            db.rollback()
        raise
    try:
        db.commit()
    except pymysql.err.OperationalError as error:
        if error.args[0] in _CONFLICTS:
            raise
        _discard(db)
        raise Unavailable("The database went away; whether it was done is unknown.", retry_after=2) from error
    return result


@contextmanager
def _statement(db: Connection, sql: str, args: Args) -> Iterator[DictCursor]:
    with _translated(db), db.cursor() as cursor:
        cursor.execute(sql, args)
        yield cursor


@contextmanager
def _translated(db: Connection) -> Iterator[None]:
    try:
        yield
    except pymysql.err.DataError as error:
        raise ValueRefused(str(error.args[-1])) from error
    except (pymysql.err.OperationalError, pymysql.err.InterfaceError) as error:
        if not error.args or error.args[0] in _LOST:
            _discard(db)
            raise ConnectionLost from error
        raise


def _connections_of_this_thread() -> dict[Domain, _Held]:
    held: dict[Domain, _Held] | None = getattr(_of_this_thread, "held", None)
    if held is None:
        held = _of_this_thread.held = {}
        with _guard:
            if not _all_held:
                threading.Thread(target=_close_idle_for_ever, name="idle-connections", daemon=True).start()
            _all_held.append(held)
    return held


def _take(held: dict[Domain, _Held], domain: Domain) -> Connection | None:
    with _guard:
        mine = held.get(domain)
        if mine is None:
            return None
        idle, mine.used_at = time.monotonic() - mine.used_at, time.monotonic()
    # Asking each time would cost every request a round trip; a connection in steady use tells by itself.
    return mine.db if idle < _PING_AFTER_SECONDS or _alive(mine.db) else None


def _open(domain: Domain) -> Connection:
    try:
        answer_within = getattr(_of_this_thread, "answer_within", ANSWER_SECONDS)
        return connect(secret(f"{domain}-db"), answer_within=answer_within)
    except pymysql.err.OperationalError as error:
        raise ConnectionLost from error


def _alive(db: Connection) -> bool:
    try:
        db.ping(reconnect=False)
    except pymysql.err.Error:
        return False
    return True


def _discard(db: Connection) -> None:
    held = _connections_of_this_thread()
    with _guard:
        for domain in [domain for domain, mine in held.items() if mine.db is db]:
            del held[domain]
    with suppress(pymysql.err.Error):
        db.close()


def _close_idle_for_ever() -> None:
    while True:
        time.sleep(IDLE_SECONDS / 4)
        close_idle(time.monotonic() - IDLE_SECONDS)


def close_idle(since: float) -> None:
    """Close the connections not used since a moment of the monotonic clock. No request lasts that long."""
    with _guard:
        for held in _all_held:
            for domain in [domain for domain, mine in held.items() if mine.used_at < since]:
                with suppress(pymysql.err.Error):
                    held.pop(domain).db.close()
