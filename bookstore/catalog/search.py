"""Find books: what the filters leave, in a chosen order, page by page.

A page begins behind the last book of the page before it, wherever that stands by now, so books added meanwhile shift
nothing and a later page costs no more than an early one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bookstore.catalog import records
from bookstore.catalog.books import to_json
from bookstore.catalog.cursors import Cursor
from bookstore.catalog.isbn import found_in
from bookstore.catalog.models import BooksQuery, Sort
from bookstore.catalog.words import query_words, subject_word
from bookstore.database import Row, connection, fetch_all

_MOST_WORDS = 20
_PREFIX_FROM = 3
_ALL_WORDS = "MATCH (title_words, author_words, other_words) AGAINST (%s IN BOOLEAN MODE)"
_AUTHOR_WORDS = "MATCH (author_words) AGAINST (%s IN BOOLEAN MODE)"


@dataclass(frozen=True)
class Sql:
    """A piece of a statement and its values."""

    text: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class _Order:
    """An order of books: by `key` and then by id, each in its direction; `<` stands for descending."""

    key: Sql
    key_after: str
    id_after: str

    def after(self, cursor: Cursor) -> Sql:
        """The condition for the books behind the cursor's.

        Written out, because MariaDB reads no index for a comparison of rows.
        """
        key, args = self.key.text, self.key.args
        return Sql(
            f"({key} {self.key_after}= %s AND ({key} {self.key_after} %s OR id {self.id_after} %s))",
            (*args, cursor.key, *args, cursor.key, cursor.book_id),
        )

    def by(self) -> Sql:
        """What to order by."""
        ways = {">": "ASC", "<": "DESC"}
        return Sql(f"{self.key.text} {ways[self.key_after]}, id {ways[self.id_after]}", self.key.args)


def list_books(query: BooksQuery) -> dict[str, Any]:
    """A page of books and the cursor of the next one, as JSON. Raises InvalidFields for a cursor of another order."""
    words = query_words(query.q or "")[:_MOST_WORDS]
    if query.q and query.q.strip() and not words:
        return {"items": [], "next_cursor": None}
    sort = _sort(query, words)
    order, conditions = _order(sort, words), _conditions(query, words)
    if query.cursor:
        conditions.append(order.after(Cursor.read(query.cursor, sort)))
    rows = _select(order, conditions, query.limit + 1)
    page, more = rows[: query.limit], len(rows) > query.limit
    return {
        "items": [to_json(records.shown(row)) for row in page],
        "next_cursor": Cursor(sort, page[-1]["sort_key"], page[-1]["id"]).write() if more else None,
    }


def _sort(query: BooksQuery, words: list[str]) -> Sort:
    if query.sort in {None, "relevance"}:
        # Nothing is closer than the rest to a question that was not asked.
        return "relevance" if words else "newest"
    return query.sort or "newest"


def _select(order: _Order, conditions: list[Sql], limit: int) -> list[Row]:
    where = " AND ".join(condition.text for condition in conditions) or "TRUE"
    by = order.by()
    args = [*order.key.args, *(arg for condition in conditions for arg in condition.args), *by.args, limit]
    return fetch_all(
        connection("catalog"),
        f"SELECT {records.LISTED}, {order.key.text} AS sort_key FROM books WHERE {where}"  # noqa: S608
        f" ORDER BY {by.text} LIMIT %s",
        args,
    )


def _conditions(query: BooksQuery, words: list[str]) -> list[Sql]:
    """One condition for each filter that is set."""
    given: list[tuple[Any, Callable[[Any], Sql]]] = [
        (words, lambda words: _about(query.q or "", words)),
        (query_words(query.author or ""), lambda names: Sql(_AUTHOR_WORDS, (_all_of(names),))),
        (query.subject, lambda code: Sql(_ALL_WORDS, (f"+{subject_word(code)}*",))),
        (query.isbn, lambda isbn: Sql("isbn13 = %s", (isbn,))),
        (query.seller, lambda seller: Sql("seller_id = %s", (seller,))),
        (query.work, lambda work: Sql("work_id = %s", (work,))),
        (query.language, lambda tag: Sql("(language = %s OR language LIKE %s)", (tag, f"{tag}-%"))),
        (query.format, lambda name: Sql("format = %s", (name,))),
        (query.min_price, lambda cents: Sql("price_cents >= %s", (cents,))),
        (query.max_price, lambda cents: Sql("price_cents <= %s", (cents,))),
        (query.in_stock or None, lambda _: Sql("stock > 0")),
    ]
    return [condition(value) for value, condition in given if value not in (None, [])]


def _about(text: str, words: list[str]) -> Sql:
    isbn = found_in(text)
    return Sql("isbn13 = %s", (isbn,)) if isbn else Sql(_ALL_WORDS, (_all_of(words),))


def _all_of(words: list[str]) -> str:
    """A boolean search for all words; the last one may still be in the typing."""
    *finished, last = words
    return " ".join([*(f"+{word}" for word in finished), f"+{last}*" if len(last) >= _PREFIX_FROM else f"+{last}"])


def _order(sort: Sort, words: list[str]) -> _Order:
    orders: dict[Sort, _Order] = {
        "newest": _Order(Sql("id"), "<", "<"),
        "price": _Order(Sql("price_cents"), ">", ">"),
        "-price": _Order(Sql("price_cents"), "<", "<"),
        "title": _Order(Sql("title"), ">", ">"),
        "relevance": _Order(_closeness(words), ">", "<"),
    }
    return orders[sort]


def _closeness(words: list[str]) -> Sql:
    """How far a title is from what was asked: 0 the same, 1 begins so, 2 holds all words, 3 found elsewhere.

    The index's own score favors long titles that repeat a word, and shifts with every book that is added.
    """
    asked, literal = " ".join(words), [word.replace("_", r"\_") for word in words]
    holds_all = " AND ".join(["CONCAT(' ', title_words, ' ') LIKE %s"] * len(words))
    return Sql(
        f"(CASE WHEN title_words = %s THEN 0 WHEN title_words LIKE %s THEN 1 WHEN {holds_all} THEN 2 ELSE 3 END)",
        (asked, f"{' '.join(literal)} %", *(f"% {word} %" for word in literal)),
    )
