"""A seller's listings as CSV: the columns that an import takes, so that what was exported can be imported unchanged."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import Annotated, Any

from pydantic import Field

from bookstore.catalog.formulas import shown_as_text
from bookstore.catalog.imports.cells import write_people
from bookstore.catalog.models import Contributor
from bookstore.catalog.records import written
from bookstore.database import Row, connection, fetch_all
from bookstore.fields import Input
from bookstore.identity import User

COLUMNS = (
    *("sku", "title", "subtitle", "contributors", "isbn13", "publisher", "published", "language", "format", "pages"),
    *("series", "volume", "subjects", "description_format", "description", "condition", "price_cents", "stock"),
)
_CHARACTERS = 1024 * 1024
_AT_ONCE = 50


class ExportQuery(Input):
    """Which page: the one behind the listing that the last page's Link header names."""

    cursor: Annotated[int, Field(ge=0, lt=2**33)] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 1000


def export_books(query: ExportQuery, *, seller: User) -> tuple[str, dict[str, str]]:
    """A page of CSV with its headers; the first page alone has the line with the names, so pages can be joined.

    A page ends after `limit` listings or a million characters; a Link header with `rel="next"` leads to the next one.
    """
    out = StringIO()
    writer = csv.writer(out)
    if query.cursor == 0:
        writer.writerow(COLUMNS)
    rows, last = _listings(seller, query.cursor), query.cursor
    for row in islice(rows, query.limit):
        writer.writerow(map(shown_as_text, _cells(row)))
        last = row["number"]
        if out.tell() > _CHARACTERS:
            break
    headers = {"Content-Type": "text/csv; charset=utf-8", "Cache-Control": "no-store"}
    headers["Content-Disposition"] = 'attachment; filename="books.csv"'
    if next(rows, None):
        headers["Link"] = f'</api/exports/books?limit={query.limit}&cursor={last}>; rel="next"'
    return out.getvalue(), headers


def _listings(seller: User, after: int) -> Iterator[Row]:
    """A seller's listings behind one, read a few at a time: a page of long texts ends after as few."""
    while rows := fetch_all(
        connection("catalog"),
        "SELECT * FROM books WHERE seller_id = %s AND number > %s ORDER BY number LIMIT %s",
        [seller.id, after, _AT_ONCE],
    ):
        yield from rows
        after = rows[-1]["number"]


def _cells(row: Row) -> list[Any]:
    said = written(row)
    series = said["series"] or {"title": None, "volume": None}
    cells = said | {
        # A listing without a number of the seller's is known again by its id.
        "sku": row["sku"] or row["id"],
        "contributors": write_people([Contributor.model_validate(person) for person in said["contributors"]]),
        "series": series["title"],
        "volume": series["volume"],
        "subjects": " ".join(said["subjects"]),
    }
    return [cells[column] for column in COLUMNS]
