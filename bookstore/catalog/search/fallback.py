"""Several indexes as one: the first that can be asked answers."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TypeVar

from bookstore.catalog.models import BooksQuery, SuggestionsQuery
from bookstore.catalog.search.database import DatabaseIndex
from bookstore.catalog.search.index import Found, IndexAway, SearchIndex, Suggested
from bookstore.catalog.search.remote import search_service

T = TypeVar("T")


class Fallback:
    """Asks one index, and another while that one is away."""

    def __init__(self, preferred: SearchIndex, otherwise: SearchIndex) -> None:
        self._preferred, self._otherwise = preferred, otherwise

    def find(self, query: BooksQuery) -> Found:
        """The books that fit."""
        return self._ask(lambda index: index.find(query))

    def suggest(self, query: SuggestionsQuery) -> Suggested:
        """What may be meant by a text that somebody is typing."""
        return self._ask(lambda index: index.suggest(query))

    def _ask(self, question: Callable[[SearchIndex], T]) -> T:
        with suppress(IndexAway):
            return question(self._preferred)
        return question(self._otherwise)


@cache
def search_index() -> SearchIndex:
    """The search service while it is there; otherwise the database."""
    return Fallback(search_service(), DatabaseIndex())
