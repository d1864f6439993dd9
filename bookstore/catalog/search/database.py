"""The catalog's own database as an index: always there and always right, slow where many books have a word."""

import itertools

from bookstore.catalog.models import BooksQuery, SuggestionOut, SuggestionsQuery, TotalOut
from bookstore.catalog.search import statements
from bookstore.catalog.search.index import Found, Hit, Suggested, asked_words, begun, cursor_of, sort_of
from bookstore.catalog.search.statements import Sql
from bookstore.database import Row, connection, fetch_all

_MOST_TITLES = 1000


class DatabaseIndex:
    """Finds by full-text search. It knows no facets and no typing errors."""

    def find(self, query: BooksQuery) -> Found:
        """The books that fit, as of now."""
        return self.read(query)[0]

    def read(self, query: BooksQuery, columns: str = "") -> tuple[Found, dict[int, Row]]:
        """The books that fit, as of now, and with the same statement these columns of them, by number."""
        words, cursor = asked_words(query.q), cursor_of(query)
        order, conditions = statements.order(sort_of(query), words), statements.conditions(query)
        if cursor:
            conditions.append(order.after(cursor))
        # Under names of their own: what books are sorted by may be among the columns.
        named = [Sql(f"{key.text} AS key_{place}", key.args) for place, (key, _) in enumerate(order.keys)]
        read = statements.joined(", ", [*named, *([Sql(columns)] if columns else [])])
        where, by = statements.joined(" AND ", conditions), order.by()
        rows = fetch_all(
            connection("catalog"),
            f"SELECT {read.text} FROM books WHERE {where.text or 'TRUE'} ORDER BY {by.text} LIMIT %s",  # noqa: S608
            [*read.args, *where.args, *by.args, query.limit + 1],
        )
        found = Found(by="database", hits=[], total=None if cursor else _total(len(rows), query.limit))
        by_number = {}
        for row in rows:
            *sorted_by, number = itertools.islice(row.values(), len(named))
            found.hits.append(Hit(number, tuple(sorted_by)))
            by_number[number] = row
        return found, by_number

    def suggest(self, query: SuggestionsQuery) -> Suggested:
        """The best sold of the titles that begin so."""
        words = asked_words(query.q)
        if len(query.q.encode()) < statements.PREFIX_FROM or not words:
            return Suggested(by="database", items=[])
        rows = fetch_all(
            connection("catalog"),
            "SELECT MIN(title) AS title FROM"
            " (SELECT title, title_key, sold FROM books WHERE title_key LIKE %s LIMIT %s) AS some"
            " GROUP BY title_key ORDER BY MAX(sold) DESC, title_key LIMIT %s",
            [f"{' '.join(begun(words))}%".replace("_", r"\_"), _MOST_TITLES, query.limit],
        )
        titles = [SuggestionOut(kind="title", text=row["title"]) for row in rows]
        return Suggested(by="database", items=titles)


def _total(hits: int, limit: int) -> TotalOut:
    # To count on would be another search.
    return TotalOut(count=min(hits, limit), exact=hits <= limit)
