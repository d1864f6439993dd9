"""A seller's imports: started, sent in parts, checked by themselves, run when the seller says so."""

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bookstore.catalog.imports import records
from bookstore.catalog.imports.models import ImportIn, ImportOut, ProblemsQuery
from bookstore.clock import now
from bookstore.database import Connection, connection, transaction
from bookstore.errors import BadRequest, Conflict, NotFound
from bookstore.events.envelope import Event
from bookstore.events.outbox import append
from bookstore.fields import PageQuery
from bookstore.identity import User
from bookstore.ids import new_id
from bookstore.pages import cut, listed
from bookstore.turns import in_turn

MOST_OPEN = 3
KEPT = timedelta(days=7)
SECONDS = 10.0
_ENDED = ("done", "failed")


def start_import(said: ImportIn, *, seller: User, trace: str, at: datetime | None = None) -> ImportOut:
    """Announce a file. Raises Conflict when as many of the seller's are open as may be."""
    import_id = new_id()

    def work(db: Connection) -> ImportOut:
        open_ones = [row["id"] for row in records.lock_all(db, seller.id) if row["status"] not in _ENDED]
        if len(open_ones) >= MOST_OPEN:
            told = f"{MOST_OPEN} imports are open already. Run one of them to its end, or delete it."
            raise Conflict(told, imports=open_ones)
        records.add(db, import_id, said, seller=seller, trace=trace, at=at or now())
        return _shown(db, import_id, seller)

    return in_turn("catalog", seller.id, work)


def add_part(
    import_id: str, number: int, content: bytes, *, seller: User, trace: str, at: datetime | None = None
) -> ImportOut:
    """Take in a part of the file, in any order and as often as it is sent; after the last one the check begins.

    Raises NotFound, BadRequest for an empty part, and Conflict for a part of other content once all were there.
    """
    if not content:
        raise BadRequest("The part is empty.")
    sha256 = hashlib.sha256(content).hexdigest()

    def work(db: Connection) -> ImportOut:
        row = records.lock(db, import_id, seller.id)
        said = ImportIn.model_validate_json(row["said"]) if row else None
        if row is None or said is None or not 1 <= number <= said.parts:
            raise NotFound("There is no such part of an import of yours.")
        if row["status"] == "receiving":
            records.put_part(db, import_id, number, content, sha256)
            if records.parts_received(db, import_id) == said.parts:
                _begin(db, import_id, "receiving", trace, at or now())
        elif records.part_hash(db, import_id, number) != sha256:
            raise Conflict("The file was complete already, with another part. Start another import.")
        return _shown(db, import_id, seller)

    return transaction("catalog", work)


def run_import(import_id: str, *, seller: User, trace: str, at: datetime | None = None) -> ImportOut:
    """Let a checked import be run; one that runs already or is done stays as it is.

    Raises NotFound, and Conflict for one that is not checked, and while another one of the seller's runs.
    """

    def work(db: Connection) -> ImportOut:
        states = {row["id"]: row["status"] for row in records.lock_all(db, seller.id)}
        if import_id not in states:
            raise _no_such_import()
        if states[import_id] == "checked":
            if others := [other for other, status in states.items() if status == "running"]:
                raise Conflict("Another import of yours is running. Wait until it is done.", imports=others)
            records.delete_problems(db, import_id)
            _begin(db, import_id, "checked", trace, at or now())
        elif states[import_id] not in ("running", "done"):
            raise Conflict(f"The import is {states[import_id]}. It can be run when it is checked.")
        return _shown(db, import_id, seller)

    return transaction("catalog", work)


def get_import(import_id: str, *, seller: User) -> ImportOut:
    """A seller's import. Raises NotFound."""
    return _shown(connection("catalog"), import_id, seller)


def list_imports(query: PageQuery, *, seller: User) -> dict[str, Any]:
    """A page of the seller's imports as JSON, the newest first."""
    found = records.page(connection("catalog"), seller.id, before=query.cursor, limit=query.limit + 1)
    return listed(*cut(found, query.limit, lambda each: each.id))


def list_problems(import_id: str, query: ProblemsQuery, *, seller: User) -> dict[str, Any]:
    """A page of what is wrong in a seller's file as JSON, in the order of its lines. Raises NotFound.

    It is what was found by the check, and by the run from its beginning on. Of a file that is wrong throughout, about
    the first 10,000 are kept, and the import tells how many are left out.
    """
    db = connection("catalog")
    _shown(db, import_id, seller)
    found = records.problems(db, import_id, after=int(query.cursor or 0), limit=query.limit + 1)
    page, cursor = cut(found, query.limit, lambda numbered: str(numbered[0]))
    return listed((problem for _, problem in page), cursor)


def cancel_import(import_id: str, *, seller: User) -> None:
    """Forget an import; what it has put on sale already stays. Raises NotFound."""

    def work(db: Connection) -> None:
        if records.lock(db, import_id, seller.id) is None:
            raise _no_such_import()
        records.delete(db, import_id)

    transaction("catalog", work)


def forget_old(
    *, at: datetime | None = None, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
) -> int:
    """Forget the imports that nothing has happened to for a week, for about so many seconds; return how many are gone.

    What is left of them, and other ones, go the next time.
    """
    before, until, gone = (at or now()) - KEPT, clock() + seconds, 0
    while clock() < until:
        done = transaction("catalog", lambda db: records.forget_some(db, before=before))
        if done is None:
            break
        gone += done
    return gone


def due(import_id: str, version: int, trace: str) -> Event:
    """The event that asks for the next rows of an import to be worked off."""
    data = {"import_id": import_id, "version": version}
    return Event(type="import.due", subject=import_id, version=version, data=data, trace=trace)


def _begin(db: Connection, import_id: str, seen: Any, trace: str, at: datetime) -> None:
    to: Any = {"receiving": "checking", "checked": "running"}[seen]
    version = records.begin(db, import_id, status=to, seen=seen, trace=trace, at=at)
    append(db, due(import_id, version, trace))


def _shown(db: Connection, import_id: str, seller: User) -> ImportOut:
    found = records.show(db, import_id, seller.id)
    if found is None:
        raise _no_such_import()
    return found


def _no_such_import() -> NotFound:
    return NotFound("There is no such import of yours.")
