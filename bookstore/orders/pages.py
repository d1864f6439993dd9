"""Pages of lists that are kept in the order of their rows' numbers."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from bookstore.clock import rfc3339
from bookstore.database import Row
from bookstore.orders.models import Page


def paged(model: type[BaseModel], rows: Sequence[Row], page: Page) -> dict[str, Any]:
    """The page as JSON, of rows with `id` and `at`, one more of which than the page holds means that it goes on."""
    shown = [model(**{**row, "id": str(row["id"]), "at": rfc3339(row["at"])}) for row in rows[: page.limit]]
    return {
        "items": [item.model_dump(mode="json", exclude_none=True) for item in shown],
        "next_cursor": str(rows[page.limit - 1]["id"]) if len(rows) > page.limit else None,
    }
