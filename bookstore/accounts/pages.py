"""Pages of a table, the newest first: an id begins with the time it was made, so it is order and cursor."""

from collections.abc import Callable, Mapping
from typing import Any

from bookstore.database import Connection, Row, fetch_all
from bookstore.fields import PageQuery


def newest_first(
    db: Connection, select: str, given: Mapping[str, Any], query: PageQuery, view: Callable[[Row], dict[str, Any]]
) -> dict[str, Any]:
    """A page of the rows that have the given values, those that are None left out, and the next page's cursor.

    `select` and the names of `given` are SQL of ours, never of a caller; `view` turns a row into JSON.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    where = " AND ".join(["id < %s", *(f"{name} = %s" for name in chosen)])
    rows = fetch_all(
        db,
        f"{select} WHERE {where} ORDER BY id DESC LIMIT %s",
        [query.cursor or "~", *chosen.values(), query.limit + 1],
    )
    page = rows[: query.limit]
    return {"items": list(map(view, page)), "next_cursor": page[-1]["id"] if len(rows) > query.limit else None}
