"""A seller's sales figures: copies and money by day or by title, as pages and as a file for a spreadsheet.

What was sold counts on the day when it was paid for or promised, what came back on the day when it came back: the
figures of a day that is over stay as they are.
"""

import csv
import io
from datetime import timedelta
from typing import Any

from bookstore.catalog.formulas import shown_as_text
from bookstore.catalog.reader_models import FiguresOut, SalesLineOut, SalesQuery
from bookstore.database import Row, connection, fetch_all
from bookstore.identity import User
from bookstore.money import currency
from bookstore.pages import cut, listed

_FIGURES = tuple(FiguresOut.model_fields)
_SUMS = ", ".join(f"CAST(COALESCE(SUM({name}), 0) AS SIGNED) AS {name}" for name in _FIGURES)
_MOVES = (
    "(SELECT DATE(paid_at) AS day, book_id, title, quantity AS sold_copies, quantity * price_cents AS sold_cents,"
    " 0 AS returned_copies, 0 AS returned_cents FROM sales"
    " WHERE seller_id = %(seller)s AND paid_at >= %(first)s AND paid_at < %(end)s"
    " UNION ALL SELECT DATE(at), book_id, title, 0, 0, copies, copies * price_cents"
    " FROM sale_returns JOIN sales USING (order_id, book_id)"
    " WHERE sale_returns.seller_id = %(seller)s AND at >= %(first)s AND at < %(end)s"
    " AND copies > 0 AND paid_at IS NOT NULL) AS moves"
)
# What a line is about, its place in the list, and which lines come behind a place.
_NAME = {"day": "CAST(day AS CHAR)", "title": "book_id"}
_ORDER = {"day": "name", "title": "net DESC, name"}
_BEHIND = {"day": "name > %(name)s", "title": "(net < %(net)s OR (net = %(net)s AND name > %(name)s))"}
_COLUMNS = {"day": ("day",), "title": ("book_id", "title")}
MOST_LINES = 5_000
"""In a page of a file: an answer is in memory as a whole."""


def sales_figures(query: SalesQuery, *, seller: User) -> dict[str, Any]:
    """A page of the seller's figures, with the sums of the whole period, as JSON."""
    page, cursor = _page(query, seller, query.limit)
    total = fetch_all(connection("catalog"), f"SELECT {_SUMS} FROM {_MOVES}", _period(query, seller))[0]  # noqa: S608
    lines = (SalesLineOut(**_columns(row, query)) for row in page)
    return listed(lines, cursor) | {"total": total, "currency": currency()}


def sales_csv(query: SalesQuery, *, seller: User) -> tuple[str, dict[str, str]]:
    """The seller's figures of the period as CSV with its headers, money in minor units.

    The 5,001st line begins another page, to which a Link header with `rel="next"` leads. The first page alone has the
    line with the names, so pages can be joined.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, (*_COLUMNS[query.by], *_FIGURES))
    if query.cursor is None:
        table.writeheader()
    page, cursor = _page(query, seller, MOST_LINES)
    for row in page:
        table.writerow({name: shown_as_text(cell) for name, cell in _columns(row, query).items()})
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    if cursor:
        first, last = query.first_and_last
        headers["Link"] = f'</api/sales?since={first}&until={last}&by={query.by}&cursor={cursor}>; rel="next"'
    return text.getvalue(), headers


def _page(query: SalesQuery, seller: User, limit: int) -> tuple[list[Row], str | None]:
    return cut(_lines(query, seller, limit + 1), limit, lambda row: "{net}.{name}".format(**row))


def _lines(query: SalesQuery, seller: User, limit: int) -> list[Row]:
    net, _, name = (query.cursor or "").partition(".")
    return fetch_all(
        connection("catalog"),
        f"SELECT * FROM (SELECT {_NAME[query.by]} AS name, MAX(title) AS title, {_SUMS},"  # noqa: S608
        f" CAST(SUM(sold_cents) - SUM(returned_cents) AS SIGNED) AS net FROM {_MOVES} GROUP BY name) AS figures"
        f" WHERE {_BEHIND[query.by] if query.cursor else 'TRUE'} ORDER BY {_ORDER[query.by]} LIMIT %(limit)s",
        {**_period(query, seller), "net": net, "name": name, "limit": limit},
    )


def _period(query: SalesQuery, seller: User) -> dict[str, Any]:
    first, last = query.first_and_last
    return {"seller": seller.id, "first": first, "end": last + timedelta(1)}


def _columns(row: Row, query: SalesQuery) -> dict[str, Any]:
    named = {"day": row["name"]} if query.by == "day" else {"book_id": row["name"], "title": row["title"]}
    return named | {figure: row[figure] for figure in _FIGURES}
