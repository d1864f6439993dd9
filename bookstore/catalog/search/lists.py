"""Pages of books, and suggestions: what an index finds, shown as the database has it."""

from dataclasses import dataclass
from typing import Any

from bookstore.catalog import records
from bookstore.catalog.books import to_json
from bookstore.catalog.cursors import Cursor
from bookstore.catalog.models import BooksQuery, SuggestionsQuery
from bookstore.catalog.search import statements
from bookstore.catalog.search.database import DatabaseIndex
from bookstore.catalog.search.fallback import search_index
from bookstore.catalog.search.index import By, Hit, sort_of
from bookstore.catalog.words import query_words
from bookstore.database import Row, connection, fetch_all
from bookstore.pages import cut

# What the database's own keys answer within milliseconds, however many books there are.
_PLAIN = frozenset({"isbn", "seller", "work", "series", "sort", "cursor", "limit"})
_TOLD = {"total", "facets", "did_you_mean", "did_you_mean_author"}


@dataclass(frozen=True)
class Answer:
    """JSON, and who found it: the search index, or the database, which knows neither facets nor corrections."""

    body: dict[str, Any]
    by: By


def list_books(query: BooksQuery) -> Answer:
    """A page of books and the cursor of the next one. Raises InvalidFields for a cursor of another order."""
    if any(text and text.strip() and not query_words(text) for text in (query.q, query.author)):
        # Nothing is called so; without a word to look for, everything would be found.
        return Answer({"items": [], "next_cursor": None}, "database")
    plain = _is_plain(query)
    if plain and not statements.conditions(query):
        # All books in an order: no filter can lead the database to another key than that of the order.
        found, rows = DatabaseIndex().read(query, records.LISTED)
    else:
        # A series is a few books, and the database alone knows the order of its volumes.
        found = (DatabaseIndex() if plain or query.series else search_index()).find(query)
        rows = _rows(found.hits[: query.limit], query)
    if query.series and query.facets:
        counted = search_index().find(query.model_copy(update={"sort": "newest", "cursor": None, "limit": 1}))
        found.facets, found.total = counted.facets, counted.total or found.total
    page, cursor = cut(found.hits, query.limit, lambda hit: Cursor(sort_of(query), hit.keys, hit.number).write())
    told = found.model_dump(include=set() if plain else _TOLD, exclude_none=True)
    books = [to_json(records.shown(rows[hit.number])) for hit in page if hit.number in rows]
    return Answer({"items": books, "next_cursor": cursor, **told}, found.by)


def suggest(query: SuggestionsQuery) -> Answer:
    """What may be meant by a text that somebody is typing."""
    found = search_index().suggest(query)
    return Answer(found.model_dump(include={"items"}), found.by)


def _is_plain(query: BooksQuery) -> bool:
    """Whether it is a list in an order, of all books or of a few that belong together, without search or filters."""
    asked = query.model_dump(exclude_defaults=True)
    if query.seller and sort_of(query) != "newest":
        # Among all books by price those of one seller may lie far apart.
        return False
    return asked.keys() <= _PLAIN or (asked.keys() <= _PLAIN | {"q"} and not asked["q"].strip())


def _rows(hits: list[Hit], query: BooksQuery) -> dict[int, Row]:
    """The books as they are now by number, without those that are gone or changed so that they do not fit any more."""
    if not hits:
        return {}
    here = statements.Sql("number IN %s", ([hit.number for hit in hits],))
    where = statements.joined(" AND ", [here, *statements.plain_conditions(query)])
    rows = fetch_all(
        connection("catalog"),
        f"SELECT {records.LISTED}, number FROM books WHERE {where.text}",  # noqa: S608
        where.args,
    )
    return {row["number"]: row for row in rows}
