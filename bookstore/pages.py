"""Pages of lists: one row more than a page holds is read, and tells that another page follows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from bookstore.database import Connection, Row, fetch_all
from bookstore.fields import PageQuery

T = TypeVar("T")


def cut(rows: list[T], limit: int, cursor: Callable[[T], str]) -> tuple[list[T], str | None]:
    """The rows of the page and, if there was one more, the cursor of the next page, made from the page's last row."""
    page = rows[:limit]
    return page, cursor(page[-1]) if len(rows) > limit else None


def newest_first(db: Connection, select: str, args: Sequence[Any], query: PageQuery) -> tuple[list[Row], str | None]:
    """A page of the rows that a `SELECT … WHERE …` finds, the newest first, and the cursor of the next one.

    An id begins with the time it was made, so it is order and cursor.
    """
    rows = fetch_all(
        db, f"{select} AND id < %s ORDER BY id DESC LIMIT %s", [*args, query.cursor or "~", query.limit + 1]
    )
    return cut(rows, query.limit, lambda row: str(row["id"]))


def listed(items: Iterable[BaseModel], cursor: str | None) -> dict[str, Any]:
    """A page as JSON; what is not known of an item is left out."""
    return {"items": [item.model_dump(mode="json", exclude_none=True) for item in items], "next_cursor": cursor}
