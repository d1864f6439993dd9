"""Pages of what readers have written: an id begins with the time it was made, so it is order and cursor."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from bookstore.database import Connection, Row, fetch_all
from bookstore.fields import PageQuery


def newest_first(db: Connection, select: str, args: Sequence[Any], query: PageQuery) -> tuple[list[Row], str | None]:
    """A page of the rows that a `SELECT … WHERE …` finds, the newest first, and the cursor of the next one."""
    rows = fetch_all(
        db, f"{select} AND id < %s ORDER BY id DESC LIMIT %s", [*args, query.cursor or "~", query.limit + 1]
    )
    page = rows[: query.limit]
    return page, page[-1]["id"] if len(rows) > query.limit else None


def listed(items: Iterable[BaseModel], cursor: str | None) -> dict[str, Any]:
    """A page as JSON; what is not known of an item is left out."""
    return {"items": [item.model_dump(exclude_none=True) for item in items], "next_cursor": cursor}
