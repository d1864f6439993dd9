"""Work off imports, batch by batch. A batch is one transaction with the place where the next one begins, so each row
counts once, whoever is killed, called twice or called late.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bookstore.catalog.batches import add_books, delete_books, update_books
from bookstore.catalog.imports import matching, records
from bookstore.catalog.imports.csv_files import read_csv
from bookstore.catalog.imports.entries import Entry, Place, Reading, Source, Unreadable
from bookstore.catalog.imports.imports import due
from bookstore.catalog.imports.models import CountsOut, Status
from bookstore.catalog.imports.onix_products import read_onix
from bookstore.catalog.imports.records import Job, Parts
from bookstore.clock import now
from bookstore.database import Connection, Row, ValueRefused, connection, transaction
from bookstore.events.envelope import Event
from bookstore.events.outbox import append
from bookstore.money import currency

ROWS = 500
BYTES = 1024 * 1024
SECONDS = 10.0
_THEN: dict[Status, Status] = {"checking": "checked", "running": "done"}


@dataclass(frozen=True)
class Batch:
    """Some entries, the place behind them, and whether they are the last ones."""

    entries: list[Entry]
    after: Place
    last: bool


def work_import(event: Event, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
    """Check or run the next rows of an import for about so many seconds; what is left is asked for by another event.

    An event that another one has followed does nothing, and neither does one for an import that is gone or at rest.
    """
    job = records.load(connection("catalog"), event.subject)
    if job is None or event.version < job.due_version:
        return
    until = clock() + seconds
    reading = _read(job, Parts(job.id))
    while job is not None:
        job = _step(job, reading, hand_on=clock() > until)


def _step(job: Job, reading: Reading, *, hand_on: bool) -> Job | None:
    """Read and commit a batch; the job as it is then, or None when it is not to be gone on with here."""
    try:
        batch = _next(reading, job.place)
        return _settle(job, batch, hand_on=hand_on)
    except Unreadable as error:
        _fail(job, line=error.line, reason=str(error))
    except ValueRefused as error:
        # It would be refused at every further try.
        _fail(job, line=job.place.line, reason=f"one of the next {len(batch.entries)} rows cannot be kept: {error}")
    return None


def _read(job: Job, source: Source) -> Reading:
    said = job.said
    if said.format == "csv":
        return read_csv(source, job.place, said.csv, said.defaults, currency())
    return read_onix(source, job.place, said.defaults, currency())


def _next(reading: Reading, place: Place) -> Batch:
    entries: list[Entry] = []
    after = place
    for entry, after in reading:
        entries.append(entry)
        if len(entries) == ROWS or after.offset - place.offset > BYTES:
            return Batch(entries, after, last=False)
    return Batch(entries, after, last=True)


def _settle(job: Job, batch: Batch, *, hand_on: bool) -> Job | None:
    """Commit a batch; as `_step` returns it."""

    def work(db: Connection) -> Job | None:
        if records.load(db, job.id, version=job.version) is None:
            # Somebody else works on it, or it was deleted.
            return None
        counts = _counted(job.counts, _carry_out(db, job, batch), len(batch.entries))
        status = _THEN[job.status] if batch.last else job.status
        asks = hand_on and not batch.last
        version = records.advance(db, job, status=status, place=batch.after, counts=counts, due=asks, at=now())
        if asks:
            append(db, due(job.id, version, job.trace))
        if status == "done":
            records.drop_content(db, job.id)
        going_on = not batch.last and not hand_on
        return replace(job, place=batch.after, counts=counts, version=version) if going_on else None

    return transaction("catalog", work)


def _carry_out(db: Connection, job: Job, batch: Batch) -> matching.Plan:
    running = job.status == "running"
    keys = [entry.key for entry in batch.entries if entry.key]
    found = matching.find(db, keys, seller_id=job.seller.id, before=job.created_at, hold=running)
    lines, seen = (_claimed if running else _claim)(db, job, batch, found)
    defaults = job.said.defaults.model_dump(exclude_none=True)
    plan = matching.plan(batch.entries, found=found, lines=lines, seen=seen, defaults=defaults)
    if running:
        add_books(db, plan.new, seller=job.seller, trace=job.trace, at=now())
        update_books(db, plan.changed, trace=job.trace, at=now())
        delete_books(db, plan.deleted, trace=job.trace)
    problems = sorted(_problems(plan))
    if problems:
        records.add_problems(db, job.id, problems)
    return plan


def _claim(
    db: Connection, job: Job, batch: Batch, found: Mapping[str, Row]
) -> tuple[Mapping[str, int], Mapping[str, int | None]]:
    claims: dict[str, tuple[str, int, int | None]] = {}
    for entry in batch.entries:
        if entry.key and not entry.problems:
            seen = found[entry.key.name]["stock"] if entry.key.name in found else None
            for name in matching.names_of(entry, found):
                claims.setdefault(name, (name, entry.line, seen))
    return records.claim_keys(db, job.id, list(claims.values())) if claims else {}, {}


def _claimed(
    db: Connection, job: Job, batch: Batch, found: Mapping[str, Row]
) -> tuple[Mapping[str, int], Mapping[str, int | None]]:
    names = [name for entry in batch.entries if entry.key for name in matching.names_of(entry, found)]
    rows = records.keys(db, job.id, names) if names else {}
    return {name: row["line"] for name, row in rows.items()}, {name: row["seen"] for name, row in rows.items()}


def _problems(plan: matching.Plan) -> Iterator[tuple[int, Any, bool]]:
    for refused, told in ((True, plan.refused), (False, plan.noted)):
        for line, problems in told:
            for problem in problems:
                yield line, problem, refused


def _counted(before: CountsOut, plan: matching.Plan, rows: int) -> CountsOut:
    return CountsOut(
        rows=before.rows + rows,
        new=before.new + len(plan.new),
        changed=before.changed + len(plan.changed),
        unchanged=before.unchanged + plan.unchanged,
        deleted=before.deleted + len(plan.deleted),
        refused=before.refused + len(plan.refused),
    )


def _fail(job: Job, *, line: int, reason: str) -> None:
    transaction("catalog", lambda db: records.fail(db, job, line=line, reason=reason, at=now()))
