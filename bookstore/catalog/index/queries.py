"""Searches in the index's terms: conditions, degrees of closeness, and where a page begins."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from tantivy import FieldType, Index, Occur, Order, Query

from bookstore.catalog.cursors import Cursor, Keys
from bookstore.catalog.index.documents import (
    EXACTLY,
    NUMBER_BITS,
    level,
    numeric_order,
    plain_code,
    series_term,
    title_and_number,
    title_order,
)
from bookstore.catalog.isbn import found_in
from bookstore.catalog.models import BooksQuery, Sort
from bookstore.catalog.search.index import Hit, asked_words, readings
from bookstore.catalog.search.kept import DIGEST_BITS, KeptQuery
from bookstore.catalog.search.statements import PREFIX_FROM
from bookstore.catalog.words import unspaced

SORTS: dict[Sort, tuple[str, Order]] = {
    "newest": ("number", Order.Desc),
    "price": ("by_price", Order.Asc),
    "-price": ("by_price", Order.Desc),
    "title": ("by_title", Order.Asc),
    "bestselling": ("by_sold", Order.Desc),
    # Within one degree of closeness.
    "relevance": ("by_sold", Order.Desc),
}
"""The field that each sort goes by, and its direction."""


class Queries:
    """Makes queries for an index."""

    def __init__(self, index: Index) -> None:
        self._index, self._schema = index, index.schema

    def conditions(self, query: BooksQuery) -> dict[str, Query]:
        """A condition for each filter that is set, by the name of the facet that it belongs to, or its own."""
        given: dict[str, tuple[Any, Callable[[Any], Query]]] = {
            "q": (readings(query.q), lambda ways: self._about(query.q or "", ways)),
            "author": (readings(query.author), lambda ways: either(self.all_of("author", words) for words in ways)),
            "isbn": (query.isbn, lambda isbn: self.term("isbn", isbn)),
            "seller": (query.seller, lambda seller: self.term("seller", seller)),
            "work": (query.work, lambda work: self.term("work", work)),
            "series": (query.series, lambda title: self.term("series", series_term(title))),
            "subject": (query.subject, self._of_subject),
            "language": (query.language, lambda tag: self.term("language", level(tag.split("-"), "-"))),
            "format": (query.format, lambda name: self.term("format", name)),
            "condition": (query.condition, lambda name: self.term("condition", name)),
            "price": ((query.min_price, query.max_price), lambda ends: self._between("price", *ends)),
            "in_stock": (query.in_stock or None, lambda _: self.term("in_stock", True)),
        }
        unset: tuple[Any, ...] = (None, [], (None, None))
        return {name: condition(value) for name, (value, condition) in given.items() if value not in unset}

    def degrees(self, query: BooksQuery, found: Query) -> list[Query]:
        """Conditions from the closest to the loosest, those of statements.order; a book fulfills one of them at most.

        The last one is for what is left of the books that `found` finds by the query's text.
        """
        words = asked_words(query.q)
        if found_in(query.q or ""):
            return [*[Query.empty_query()] * 4, found]
        # By whole words: among titles that are the same, `found` would tell no others and cost more.
        written = either(both(self.term("words", word) for word in way) for way in readings(query.q))
        closest = [
            both([self.term("start", EXACTLY + unspaced(words)), written]),
            self.term("start", level(words, " ")),
            both(self.term("title", word) for word in words),
            both(self.term("names", word) for word in words),
            found,
        ]
        # Each is among the next one, but that a title in other spacing begins with other words.
        same, *_ = closest
        return [same, *(_but(wider, same, closer) for closer, wider in pairwise(closest))]

    def behind(self, cursor: Cursor) -> Query:
        """The condition for the books behind the cursor's, within its degree of closeness."""
        field, direction = SORTS[cursor.sort]
        if field == "by_title":
            return self._index.parse_query(f"by_title:{{{title_order(str(cursor.keys[0]), cursor.number)} TO *}}")
        bound = numeric_order(int(cursor.keys[-1]), cursor.number) if cursor.keys else cursor.number
        end = "lower" if direction == Order.Asc else "upper"
        beyond: dict[str, Any] = {f"{end}_bound": bound, f"include_{end}": False}
        return Query.range_query(self._schema, field, FieldType.Unsigned, **beyond)

    def copies(self, query: KeptQuery) -> Query:
        """Books with some numbers."""
        ends: dict[str, Any] = {"lower_bound": query.after + 1 << DIGEST_BITS}
        if query.last is not None:
            ends["upper_bound"] = (query.last + 1 << DIGEST_BITS) - 1
        return Query.range_query(self._schema, "copy", FieldType.Unsigned, **ends)

    def term(self, field: str, value: Any) -> Query:
        """Books that have exactly this in a field."""
        return Query.term_query(self._schema, field, value, "basic")

    def all_of(self, field: str, words: list[str]) -> Query:
        """Books that have all words in a field; the last one may still be in the typing."""
        *finished, last = words
        begun = self.begins(field, last) if len(last) >= PREFIX_FROM else self.term(field, last)
        return both([*(self.term(field, word) for word in finished), begun])

    def begins(self, field: str, text: str) -> Query:
        """Books that have something in a field that begins so."""
        # To compile a regular expression takes ten times as long as such a search.
        return Query.fuzzy_term_query(self._schema, field, text, distance=0, prefix=True)

    def similar(self, field: str, word: str, distance: int) -> Query:
        """Books that have a word in a field that differs in so many letters at most."""
        return Query.fuzzy_term_query(self._schema, field, word, distance, transposition_cost_one=True)

    def _about(self, text: str, ways: list[list[str]]) -> Query:
        isbn = found_in(text)
        return self.term("isbn", isbn) if isbn else either(self.all_of("words", words) for words in ways)

    def _of_subject(self, code: str) -> Query:
        plain = plain_code(code)
        return either(self.term("subject", term) for term in (level(plain), EXACTLY + plain))

    def _between(self, field: str, least: int | None, most: int | None) -> Query:
        return Query.range_query(self._schema, field, FieldType.Unsigned, lower_bound=least, upper_bound=most)


def both(queries: Iterable[Query]) -> Query:
    """What fulfills all conditions; everything where there are none."""
    every = list(queries)
    return Query.boolean_query([(Occur.Must, query) for query in every]) if every else Query.all_query()


def either(queries: Iterable[Query]) -> Query:
    """What fulfills one of the conditions."""
    every = list(queries)
    return Query.boolean_query([(Occur.Should, query) for query in every]) if len(every) > 1 else every[0]


def hit(sort: Sort, value: Any, degree: int | None = None) -> Hit:
    """A book by what the index sorted it by."""
    closeness: Keys = () if degree is None else (degree,)
    match SORTS[sort][0]:
        case "number":
            return Hit(value, closeness)
        case "by_title":
            title, number = title_and_number(value)
            return Hit(number, (*closeness, title))
    return Hit(value & (1 << NUMBER_BITS) - 1, (*closeness, value >> NUMBER_BITS))


def _but(query: Query, *unwanted: Query) -> Query:
    return Query.boolean_query([(Occur.Must, query), *((Occur.MustNot, each) for each in unwanted)])
