"""Imports in the database: one statement for each thing that is done with them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookstore.catalog.imports.entries import Place, Problem
from bookstore.catalog.imports.models import CountsOut, FailureOut, ImportIn, ImportOut, ImportProblemOut, Status
from bookstore.clock import rfc3339
from bookstore.database import Connection, Row, connection, execute, execute_many, fetch_all, fetch_one
from bookstore.identity import User

MOST_PROBLEMS = 10_000
# What belongs to an import, and how much of it goes at once: all of a large file's would outlast a connection.
_BELONGING = {"import_keys": 10_000, "import_problems": 10_000, "import_parts": 16}
_SHOWN = (
    "SELECT imports.*, COUNT(import_parts.number) AS received, COALESCE(SUM(import_parts.size), 0) AS bytes"
    " FROM imports LEFT JOIN import_parts ON import_parts.import_id = imports.id"
)


@dataclass(frozen=True)
class Job:
    """An import that is worked off, as it was when it was read."""

    id: str
    seller: User
    said: ImportIn
    status: Status
    place: Place
    counts: CountsOut
    version: int
    due_version: int
    trace: str
    created_at: datetime


def add(db: Connection, import_id: str, said: ImportIn, *, seller: User, trace: str, at: datetime) -> None:
    """Keep a new import that waits for its parts."""
    execute(
        db,
        "INSERT INTO imports (id, seller_id, seller_name, said, status, trace, created_at, updated_at)"
        " VALUES (%s, %s, %s, %s, 'receiving', %s, %s, %s)",
        [import_id, seller.id, seller.name, said.model_dump_json(exclude_defaults=True), trace, at, at],
    )


def show(db: Connection, import_id: str, seller_id: str) -> ImportOut | None:
    """A seller's import as the API shows it."""
    row = fetch_one(
        db, f"{_SHOWN} WHERE imports.id = %s AND seller_id = %s GROUP BY imports.id", [import_id, seller_id]
    )
    return _shown(row) if row else None


def page(db: Connection, seller_id: str, *, before: str | None, limit: int) -> list[ImportOut]:
    """A seller's newest imports before one."""
    rows = fetch_all(
        db,
        f"{_SHOWN} WHERE seller_id = %s AND imports.id < %s GROUP BY imports.id ORDER BY imports.id DESC LIMIT %s",
        [seller_id, before or "~", limit],
    )
    return [_shown(row) for row in rows]


def lock(db: Connection, import_id: str, seller_id: str) -> Row | None:
    """A seller's import, held against other changes."""
    return fetch_one(db, "SELECT * FROM imports WHERE id = %s AND seller_id = %s FOR UPDATE", [import_id, seller_id])


def lock_all(db: Connection, seller_id: str) -> list[Row]:
    """Id and status of all of a seller's imports, held against other changes."""
    return fetch_all(db, "SELECT id, status FROM imports WHERE seller_id = %s ORDER BY id FOR UPDATE", [seller_id])


def load(db: Connection, import_id: str, *, version: int | None = None) -> Job | None:
    """An import that is worked off; with a version, locked and only if it still has that version."""
    held = "" if version is None else " AND version = %s FOR UPDATE"
    row = fetch_one(
        db,
        f"SELECT * FROM imports WHERE id = %s AND status IN ('checking', 'running'){held}",  # noqa: S608
        [import_id, *([] if version is None else [version])],
    )
    return _job(row) if row else None


def advance(
    db: Connection, job: Job, *, status: Status, place: Place, counts: CountsOut, due: bool, at: datetime
) -> int:
    """Move on from where the job was, once; return the new version, 0 when somebody else has done it."""
    column = "checked" if job.status == "checking" else "ran"
    version = job.version + 1
    moved = execute(
        db,
        f"UPDATE imports SET status = %s, next_offset = %s, next_line = %s, {column} = %s, version = %s,"  # noqa: S608
        " due_version = %s, updated_at = %s WHERE id = %s AND version = %s AND status = %s",
        [
            *(status, place.offset, place.line, counts.model_dump_json(), version),
            *(version if due else job.due_version, at, job.id, job.version, job.status),
        ],
    )
    return version if moved else 0


def begin(db: Connection, import_id: str, *, status: Status, seen: Status, trace: str, at: datetime) -> int:
    """Let an import be checked or run from its first row on; return its version, 0 unless it was as `seen`."""
    moved = execute(
        db,
        "UPDATE imports SET status = %s, next_offset = 0, next_line = 1, version = version + 1, due_version = version,"
        " trace = %s, updated_at = %s WHERE id = %s AND status = %s",
        [status, trace, at, import_id, seen],
    )
    row = fetch_one(db, "SELECT version FROM imports WHERE id = %s", [import_id])
    return int(row["version"]) if moved and row else 0


def fail(db: Connection, job: Job, *, line: int, reason: str, at: datetime) -> None:
    """Give up a file that cannot be gone on with."""
    execute(
        db,
        "UPDATE imports SET status = 'failed', failed_line = %s, failed_because = %s, version = version + 1,"
        " updated_at = %s WHERE id = %s AND version = %s",
        [line, reason[:1000], at, job.id, job.version],
    )


def delete(db: Connection, import_id: str) -> None:
    """Forget an import and all that belongs to it."""
    execute(db, "DELETE FROM imports WHERE id = %s", [import_id])


def forget_some(db: Connection, *, before: datetime) -> bool | None:
    """Forget a lot of the import that nothing has happened to for longest: its row goes when nothing else is left.

    Returns whether it is gone; None when there is none that nothing has happened to since `before`.
    """
    old = fetch_one(db, "SELECT id FROM imports WHERE updated_at < %s ORDER BY updated_at LIMIT 1 FOR UPDATE", [before])
    if old is None:
        return None
    # Nobody may go on with what is left of it.
    execute(
        db,
        "UPDATE imports SET status = 'failed', failed_line = next_line, failed_because = %s, version = version + 1"
        " WHERE id = %s AND status NOT IN ('done', 'failed')",
        ["nothing has happened to it for long, and it is being forgotten", old["id"]],
    )
    for table, most in _BELONGING.items():
        if execute(db, f"DELETE FROM {table} WHERE import_id = %s LIMIT %s", [old["id"], most]):  # noqa: S608
            return False
    delete(db, old["id"])
    return True


def put_part(db: Connection, import_id: str, number: int, content: bytes, sha256: str) -> None:
    """Keep a part, in place of the one that was sent before."""
    execute(
        db,
        "INSERT INTO import_parts (import_id, number, size, sha256, content) VALUES (%s, %s, %s, %s, %s)"
        " ON DUPLICATE KEY UPDATE size = VALUES(size), sha256 = VALUES(sha256), content = VALUES(content)",
        [import_id, number, len(content), sha256, content],
    )


def part_hash(db: Connection, import_id: str, number: int) -> str | None:
    """The hash of a part that was received."""
    row = fetch_one(db, "SELECT sha256 FROM import_parts WHERE import_id = %s AND number = %s", [import_id, number])
    return str(row["sha256"]) if row else None


def parts_received(db: Connection, import_id: str) -> int:
    """How many parts there are."""
    row = fetch_one(db, "SELECT COUNT(*) AS parts FROM import_parts WHERE import_id = %s", [import_id])
    return int(row["parts"]) if row else 0


def drop_content(db: Connection, import_id: str) -> None:
    """Let go of what is of no use once an import is done; the sizes stay."""
    execute(db, "UPDATE import_parts SET content = '' WHERE import_id = %s", [import_id])
    execute(db, "DELETE FROM import_keys WHERE import_id = %s", [import_id])


class Parts:
    """The bytes of an import's file, a part at a time."""

    def __init__(self, import_id: str) -> None:
        self._id = import_id

    def chunks(self, offset: int) -> Iterator[bytes]:
        """Everything from an offset on."""
        sizes = fetch_all(
            connection("catalog"),
            "SELECT number, size FROM import_parts WHERE import_id = %s ORDER BY number",
            [self._id],
        )
        for part in sizes:
            if offset < part["size"]:
                yield self._content(part["number"])[offset:]
            offset = max(0, offset - part["size"])

    def _content(self, number: int) -> bytes:
        row = fetch_one(
            connection("catalog"),
            "SELECT content FROM import_parts WHERE import_id = %s AND number = %s",
            [self._id, number],
        )
        content: bytes = row["content"] if row else b""
        return content


def claim_keys(db: Connection, import_id: str, claims: Sequence[tuple[str, int, int | None]]) -> dict[str, int]:
    """Note names with their lines and the stock seen; return the line that has each name, which came first."""
    execute_many(
        db,
        "INSERT INTO import_keys (import_id, name, line, seen) VALUES (%s, %s, %s, %s)"
        " ON DUPLICATE KEY UPDATE name = name",
        [(import_id, *claim) for claim in claims],
    )
    return {name: int(row["line"]) for name, row in keys(db, import_id, [claim[0] for claim in claims]).items()}


def keys(db: Connection, import_id: str, names: Sequence[str]) -> dict[str, Row]:
    """Line and stock seen of the names that were claimed."""
    rows = fetch_all(
        db, "SELECT name, line, seen FROM import_keys WHERE import_id = %s AND name IN %s", [import_id, names]
    )
    return {row["name"]: row for row in rows}


def add_problems(db: Connection, import_id: str, problems: Sequence[tuple[int, Problem, bool]]) -> None:
    """Keep what is wrong in some rows; only count it when there is so much already that nobody will read on."""
    kept = fetch_one(db, "SELECT COUNT(*) AS problems FROM import_problems WHERE import_id = %s", [import_id])
    if kept and kept["problems"] < MOST_PROBLEMS:
        execute_many(
            db,
            "INSERT INTO import_problems (import_id, line, field, reason, refused) VALUES (%s, %s, %s, %s, %s)",
            [
                (import_id, line, problem.field[:100], problem.reason[:500], refused)
                for line, problem, refused in problems
            ],
        )
    else:
        execute(
            db,
            "UPDATE imports SET problems_left_out = problems_left_out + %s WHERE id = %s",
            [len(problems), import_id],
        )


def delete_problems(db: Connection, import_id: str) -> None:
    """Forget the problems of the check."""
    execute(db, "DELETE FROM import_problems WHERE import_id = %s", [import_id])
    execute(db, "UPDATE imports SET problems_left_out = 0 WHERE id = %s", [import_id])


def problems(db: Connection, import_id: str, *, after: int, limit: int) -> list[tuple[int, ImportProblemOut]]:
    """A page of problems, each with its number."""
    rows = fetch_all(
        db,
        "SELECT id, line, field, reason, refused FROM import_problems WHERE import_id = %s AND id > %s"
        " ORDER BY id LIMIT %s",
        [import_id, after, limit],
    )
    return [(row.pop("id"), ImportProblemOut(**row | {"refused": bool(row["refused"])})) for row in rows]


def _shown(row: Row) -> ImportOut:
    failure = FailureOut(line=row["failed_line"], reason=row["failed_because"]) if row["failed_because"] else None
    said = ImportIn.model_validate_json(row["said"])
    size = int(row["bytes"])
    return ImportOut(
        id=row["id"],
        format=said.format,
        status=row["status"],
        parts=said.parts,
        parts_received=row["received"],
        file_bytes=size,
        read_bytes=size if row["status"] in ("checked", "done") else row["next_offset"],
        check=_counts(row["checked"]),
        run=_counts(row["ran"]),
        failure=failure,
        problems_left_out=row["problems_left_out"] or None,
        created_at=rfc3339(row["created_at"]),
        updated_at=rfc3339(row["updated_at"]),
    )


def _job(row: dict[str, Any]) -> Job:
    return Job(
        id=row["id"],
        seller=User(row["seller_id"], row["seller_name"], "user"),
        said=ImportIn.model_validate_json(row["said"]),
        status=row["status"],
        place=Place(row["next_offset"], row["next_line"]),
        counts=_counts(row["checked" if row["status"] == "checking" else "ran"]) or CountsOut(),
        version=row["version"],
        due_version=row["due_version"],
        trace=row["trace"],
        created_at=row["created_at"],
    )


def _counts(text: str | None) -> CountsOut | None:
    return CountsOut(**json.loads(text)) if text else None
