"""Books as rows of the database, without one."""

from typing import Any

from bookstore.catalog import records
from bookstore.catalog.models import BookIn
from bookstore.database import Row


def row(number: int, *, sold: int = 0, seller: str = "sam", **book: Any) -> Row:
    """A listing's row, as the service reads it."""
    written = BookIn.model_validate({"authors": ["Jane Austen"], "price_cents": 1299, "stock": 10, **book})
    kept = records.columns(written)
    made = {"number": number, "sold": sold, "seller_id": seller, "work_id": f"w{number}", "stock": written.stock}
    return {**kept, **made, "title_key": kept["title_words"][:300]}
