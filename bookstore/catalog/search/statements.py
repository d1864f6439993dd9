"""Searches as SQL: conditions, orders, and where a page begins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bookstore.catalog.cursors import Cursor, Key
from bookstore.catalog.isbn import found_in
from bookstore.catalog.models import BooksQuery, Sort
from bookstore.catalog.search.index import readings
from bookstore.catalog.words import subject_word, unspaced

PREFIX_FROM = 3
"""A last word of so many letters may still be in the typing."""
_ALL_WORDS = "MATCH (title_words, author_words, other_words) AGAINST (%s IN BOOLEAN MODE)"
_UNSPACED = "REPLACE(REPLACE(title_words, ' ', ''), '_', '')"
_AUTHOR_WORDS = "MATCH (author_words) AGAINST (%s IN BOOLEAN MODE)"


@dataclass(frozen=True)
class Sql:
    """A piece of a statement and its values."""

    text: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Order:
    """An order of books by several keys, the last of which is the number; `<` stands for descending."""

    keys: tuple[tuple[Sql, str], ...]

    def after(self, cursor: Cursor) -> Sql:
        """The condition for the books behind the cursor's."""
        return _behind(self.keys, (*cursor.keys, cursor.number))

    def by(self) -> Sql:
        """What to order by."""
        ways = {">": "ASC", "<": "DESC"}
        return joined(", ", [Sql(f"{key.text} {ways[sign]}", key.args) for key, sign in self.keys])


def joined(separator: str, pieces: Sequence[Sql]) -> Sql:
    """Pieces side by side."""
    return Sql(separator.join(piece.text for piece in pieces), tuple(arg for piece in pieces for arg in piece.args))


def order(sort: Sort, words: list[str]) -> Order:
    """The order that a sort stands for. All of them but relevance are an index's."""
    number, sold = Sql("number"), Sql("sold")
    orders: dict[Sort, tuple[tuple[Sql, str], ...]] = {
        "newest": ((number, "<"),),
        "price": ((Sql("price_cents"), ">"), (number, ">")),
        "-price": ((Sql("price_cents"), "<"), (number, "<")),
        "title": ((Sql("title_key"), ">"), (number, ">")),
        "volume": ((Sql("series_order"), ">"), (number, ">")),
        "bestselling": ((sold, "<"), (number, "<")),
        "relevance": ((_closeness(words), ">"), (sold, "<"), (number, "<")),
    }
    return Order(orders[sort])


def conditions(query: BooksQuery) -> list[Sql]:
    """One condition for each filter that is set, words included."""
    given: list[tuple[Any, Callable[[Any], Sql]]] = [
        (readings(query.q), lambda ways: _about(query.q or "", ways)),
        (readings(query.author), lambda ways: Sql(_AUTHOR_WORDS, (_any_of(ways),))),
        (query.subject, lambda code: Sql(_ALL_WORDS, (f"+{subject_word(code)}*",))),
    ]
    return [condition(value) for value, condition in given if value not in (None, [])] + plain_conditions(query)


def plain_conditions(query: BooksQuery) -> list[Sql]:
    """One condition for each filter that a row answers by itself."""
    given: list[tuple[Any, Callable[[Any], Sql]]] = [
        (query.isbn, lambda isbn: Sql("isbn13 = %s", (isbn,))),
        (query.seller, lambda seller: Sql("seller_id = %s", (seller,))),
        (query.work, lambda work: Sql("work_id = %s", (work,))),
        (query.series, lambda title: Sql("series_title = %s", (title,))),
        (query.language, lambda tag: Sql("(language = %s OR language LIKE %s)", (tag, f"{tag}-%"))),
        (query.format, lambda name: Sql("format = %s", (name,))),
        (query.condition, lambda name: Sql("book_condition = %s", (name,))),
        (query.min_price, lambda cents: Sql("price_cents >= %s", (cents,))),
        (query.max_price, lambda cents: Sql("price_cents <= %s", (cents,))),
        (query.in_stock or None, lambda _: Sql("stock > 0")),
    ]
    return [condition(value) for value, condition in given if value is not None]


def _behind(keys: Sequence[tuple[Sql, str]], values: Sequence[Key]) -> Sql:
    """Written out, because MariaDB reads no index for a comparison of rows."""
    (key, sign), *further = keys
    beyond = Sql(f"{key.text} {sign} %s", (*key.args, values[0]))
    if not further:
        return beyond
    behind = joined(" OR ", [beyond, _behind(further, values[1:])])
    return Sql(f"({key.text} {sign}= %s AND ({behind.text}))", (*key.args, values[0], *behind.args))


def _about(text: str, ways: list[list[str]]) -> Sql:
    isbn = found_in(text)
    return Sql("isbn13 = %s", (isbn,)) if isbn else Sql(_ALL_WORDS, (_any_of(ways),))


def _any_of(ways: list[list[str]]) -> str:
    """A boolean search for all words of one way to read a text."""
    return " ".join(f"({_all_of(words)})" for words in ways) if len(ways) > 1 else _all_of(ways[0])


def _all_of(words: list[str]) -> str:
    """A boolean search for all words; the last one may still be in the typing."""
    *finished, last = words
    return " ".join([*(f"+{word}" for word in finished), f"+{last}*" if len(last) >= PREFIX_FROM else f"+{last}"])


def _closeness(words: list[str]) -> Sql:
    """How far a book is from what was asked for.

    0: the title is the same but for its spaces, 1: it begins so, 2: it holds all words, 3: title and names do,
    4: others do.
    The index's own score favors long titles that repeat a word, and shifts with every book that is added.
    """
    literal = [word.replace("_", r"\_") for word in words]
    title = " AND ".join(["CONCAT(' ', title_words, ' ') LIKE %s"] * len(words)) or "TRUE"
    names = " AND ".join(["CONCAT(' ', title_words, ' ', author_words, ' ') LIKE %s"] * len(words)) or "TRUE"
    each = tuple(f"% {word} %" for word in literal)
    return Sql(
        f"(CASE WHEN {_UNSPACED} = %s THEN 0 WHEN title_words LIKE %s THEN 1 WHEN {title} THEN 2 WHEN {names} THEN 3"
        " ELSE 4 END)",
        (unspaced(words), f"{' '.join(literal)} %", *each, *each),
    )
