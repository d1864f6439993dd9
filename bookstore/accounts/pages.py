"""Pages of a table of accounts, or of those of its rows that have some values."""

from collections.abc import Callable, Mapping
from typing import Any

from bookstore import pages
from bookstore.database import Connection, Row
from bookstore.fields import PageQuery


def newest_first(
    db: Connection, select: str, given: Mapping[str, Any], query: PageQuery, view: Callable[[Row], dict[str, Any]]
) -> dict[str, Any]:
    """A page of the rows that have the given values, those that are None left out, and the next page's cursor.

    `select` and the names of `given` are SQL of ours, never of a caller; `view` turns a row into JSON.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    where = " AND ".join(f"{name} = %s" for name in chosen) or "TRUE"
    rows, cursor = pages.newest_first(db, f"{select} WHERE {where}", list(chosen.values()), query)
    return {"items": list(map(view, rows)), "next_cursor": cursor}
