"""What is asked of an index of the catalog, whatever stands behind it."""

from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel

from bookstore.catalog.cursors import Cursor, Keys
from bookstore.catalog.models import BooksQuery, FacetsOut, Sort, SuggestionOut, SuggestionsQuery, TotalOut
from bookstore.catalog.words import compound_words, query_words

_MOST_WORDS = 20


class Hit(NamedTuple):
    """A book that fits: its number, and what it was sorted by."""

    number: int
    keys: Keys


By = Literal["index", "database"]
"""Who answered."""


class Found(BaseModel):
    """The books of a page and one more where there is one, and what else the index tells of all that fit."""

    by: By
    hits: list[Hit]
    total: TotalOut | None = None
    facets: FacetsOut | None = None
    did_you_mean: str | None = None
    did_you_mean_author: str | None = None


class Suggested(BaseModel):
    """Titles and names that somebody may be typing, the best first."""

    by: By
    items: list[SuggestionOut]


class SearchIndex(Protocol):
    """Finds books by words and filters. Its hits are as new as the index; the rows are read in the database."""

    def find(self, query: BooksQuery) -> Found:
        """The books that fit, from the query's cursor on. Raises InvalidFields for a cursor of another order."""

    def suggest(self, query: SuggestionsQuery) -> Suggested:
        """What may be meant by a text that somebody is typing."""


class IndexAway(Exception):
    """The index cannot be asked at the moment."""


def asked_words(text: str | None) -> list[str]:
    """The words that a search is for; more than twenty say no more."""
    return query_words(text or "")[:_MOST_WORDS]


def readings(text: str | None) -> list[list[str]]:
    """The words that a search may be for: as they are written, and its compounds as one word each, if there are any."""
    written, compounds = asked_words(text), compound_words(text or "")[:_MOST_WORDS]
    if not written:
        return []
    return [written] if compounds == written else [written, compounds]


def begun(words: list[str]) -> list[str]:
    """The words of a title that somebody is typing: a last letter need not be a word of its own."""
    return [*words[:-1], words[-1].removesuffix("_")]


def sort_of(query: BooksQuery) -> Sort:
    """In which order the books come."""
    if query.sort in {None, "relevance"}:
        # Nothing is closer than the rest to a question that was not asked.
        return "relevance" if asked_words(query.q) else "volume" if query.series else "newest"
    return query.sort or "newest"


def cursor_of(query: BooksQuery) -> Cursor | None:
    """Where the page begins. Raises InvalidFields for a cursor of another order."""
    return Cursor.read(query.cursor, sort_of(query)) if query.cursor else None
