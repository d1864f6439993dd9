"""Pages of lists that are kept in the order of their rows' numbers."""

from typing import Any

from pydantic import BaseModel

from bookstore.clock import rfc3339
from bookstore.database import Row
from bookstore.fields import NumberedQuery
from bookstore.pages import cut, listed


def paged(model: type[BaseModel], rows: list[Row], query: NumberedQuery) -> dict[str, Any]:
    """The page as JSON, of rows with `id` and `at`, of which one more than it holds was read where there is one."""
    page, cursor = cut(rows, query.limit, lambda row: str(row["id"]))
    return listed((model(**{**row, "id": str(row["id"]), "at": rfc3339(row["at"])}) for row in page), cursor)
