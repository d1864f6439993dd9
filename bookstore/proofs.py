"""Proofs that the books balance: statements about a database that must hold at any moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookstore.database import Connection, fetch_all

GRACE = timedelta(minutes=2)
"""How late what happens by itself may be: timers fire every 30 s, and the relay is restarted when it died."""

ANSWER_SECONDS = 120.0
"""How long a statement may look for what does not hold: it reads every row, of a million books or more."""

MOST_IDS = 100
"""So many ids of a line are told; one more stands for those that are not."""


@dataclass(frozen=True)
class Check:
    """A statement about a domain's data.

    `sql` finds the `id` of everything for which it does not hold; it may use `%(late)s`, a moment that is too long ago
    for anything to be still on its way.
    """

    name: str
    sql: str


@dataclass(frozen=True)
class Line:
    """A line of an audit: what was to be proved, and what it does not hold for."""

    name: str
    ids: Sequence[str] = ()

    @property
    def balanced(self) -> bool:
        """Whether it holds for everything."""
        return not self.ids

    def __str__(self) -> str:
        """The line as it is printed, with its first 100 ids."""
        more = ["and more"] if len(self.ids) > MOST_IDS else []
        return "\n     ".join([f"{'ok  ' if self.balanced else 'FAIL'} {self.name}", *self.ids[:MOST_IDS], *more])


def prove(db: Connection, checks: Iterable[Check], *, at: datetime) -> list[Line]:
    """Hold every statement against a database. Each is one query, so what changes meanwhile does not disturb it."""
    late = {"late": at - GRACE}
    return [
        Line(check.name, [str(row["id"]) for row in fetch_all(db, f"{check.sql} LIMIT {MOST_IDS + 1}", late)])
        for check in checks
    ]
