"""The catalog's index on a disk, through tantivy: words, filters, orders, facets, corrections, suggestions."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from tantivy import Index, Order, Query, Searcher

from bookstore.catalog.cursors import Cursor
from bookstore.catalog.index.documents import level
from bookstore.catalog.index.facets import facets
from bookstore.catalog.index.queries import SORTS, Queries, both, hit
from bookstore.catalog.index.spelling import correction
from bookstore.catalog.isbn import corrected
from bookstore.catalog.models import BooksQuery, Sort, SuggestionOut, SuggestionsQuery, TotalOut
from bookstore.catalog.search.index import Found, Hit, Suggested, asked_words, begun, cursor_of, sort_of
from bookstore.catalog.search.kept import DIGEST_BITS, Kept, KeptQuery
from bookstore.catalog.search.statements import PREFIX_FROM
from bookstore.catalog.words import query_words

_FEW = 3
"""So many books or fewer make one ask whether another word was meant."""
_LOOKED_AT = 40
_MOST_AUTHORS = 3


class TantivyIndex:
    """Answers from an index as it was committed last."""

    def __init__(self, index: Index) -> None:
        self._index, self._queries = index, Queries(index)

    def find(self, query: BooksQuery) -> Found:
        """The books that fit. Raises InvalidFields for a cursor of another order."""
        searcher, conditions, cursor = self._index.searcher(), self._queries.conditions(query), cursor_of(query)
        found, wanted = Found(by="index", hits=[]), query.limit + 1
        if query.facets:
            found.facets = facets(searcher, conditions, query)
        if cursor is None or query.facets:
            found.total = TotalOut(count=self._count(searcher, both(conditions.values())), exact=True)
            # Once these are found nothing looser needs to be tried.
            wanted = min(wanted, found.total.count)
        found.hits = list(self._hits(searcher, query, conditions, cursor, wanted))
        if found.total and found.total.count <= _FEW and cursor is None:
            count = found.total.count
            found.did_you_mean = self._did_you_mean(searcher, conditions, "q", query.q or "", count)
            found.did_you_mean_author = self._did_you_mean(searcher, conditions, "author", query.author or "", count)
        return found

    def suggest(self, query: SuggestionsQuery) -> Suggested:
        """The best sold titles that begin so, then those that hold the words, with up to three names among them."""
        words = asked_words(query.q)
        if len(query.q.encode()) < PREFIX_FROM or not words:
            return Suggested(by="index", items=[])
        searcher, queries = self._index.searcher(), self._queries
        best = [queries.begins("start", level(begun(words), " ")), queries.all_of("title", words)]
        titles = (title for query in best for title, _ in self._shown(searcher, query))
        names = Counter(
            name
            for _, people in self._shown(searcher, queries.all_of("author", words))
            for name in people
            if _fits(name, words)
        )
        authors = [SuggestionOut(kind="author", text=name) for name, _ in names.most_common(_MOST_AUTHORS)]
        books = [SuggestionOut(kind="title", text=title) for title in _different(titles)]
        return Suggested(by="index", items=[*books[: query.limit - len(authors)], *authors][: query.limit])

    def kept(self, query: KeptQuery) -> Kept:
        """What there is of some books, to be compared with them."""
        found = self._index.searcher().search(
            self._queries.copies(query), query.limit, count=False, order_by_field="copy", order=Order.Asc
        )
        values = [int(value) for value, _ in found.hits]
        return Kept(copies=[(value >> DIGEST_BITS, value & (1 << DIGEST_BITS) - 1) for value in values])

    def _hits(
        self, searcher: Searcher, query: BooksQuery, conditions: dict[str, Query], cursor: Cursor | None, wanted: int
    ) -> Iterator[Hit]:
        sort = sort_of(query)
        if sort != "relevance":
            yield from self._sorted(searcher, sort, [*conditions.values()], cursor, wanted)
            return
        filters = [condition for name, condition in conditions.items() if name != "q"]
        first = int(cursor.keys[0]) if cursor else 0
        for degree, closeness in enumerate(self._queries.degrees(query, conditions["q"])):
            if degree < first:
                continue
            begin = cursor if degree == first else None
            for found in self._sorted(searcher, sort, [closeness, *filters], begin, wanted, degree):
                wanted -= 1
                yield found

    def _sorted(
        self,
        searcher: Searcher,
        sort: Sort,
        conditions: list[Query],
        cursor: Cursor | None,
        wanted: int,
        degree: int | None = None,
    ) -> Iterator[Hit]:
        if not wanted:
            return
        field, direction = SORTS[sort]
        behind = [self._queries.behind(cursor)] if cursor else []
        found = searcher.search(
            both([*conditions, *behind]), wanted, count=False, order_by_field=field, order=direction
        )
        yield from (hit(sort, value, degree) for value, _ in found.hits)

    def _count(self, searcher: Searcher, query: Query) -> int:
        found: Any = searcher.search(query, 1, count=True)
        return int(found.count)

    def _did_you_mean(
        self, searcher: Searcher, conditions: dict[str, Query], name: Literal["q", "author"], text: str, count: int
    ) -> str | None:
        """What was probably meant by one of the texts that were looked for, if it finds more than `count` books."""
        field = {"q": "words", "author": "author"}[name]
        if name == "q" and (isbn := corrected(text)):
            meant, instead = isbn, self._queries.term("isbn", isbn)
        elif words := correction(searcher, self._queries, field, asked_words(text)):
            meant, instead = " ".join(words), self._queries.all_of(field, words)
        else:
            return None
        return meant if self._count(searcher, both({**conditions, name: instead}.values())) > count else None

    def _shown(self, searcher: Searcher, query: Query) -> Iterator[tuple[str, list[str]]]:
        """Titles and names of the best sold books that fit."""
        found = searcher.search(query, _LOOKED_AT, count=False, order_by_field="by_sold", order=Order.Desc)
        for _, address in found.hits:
            title, names = json.loads(bytes(searcher.doc(address).get_first("shown") or b""))
            yield title, names


def _fits(name: str, words: list[str]) -> bool:
    *finished, last = words
    own = query_words(name)
    return set(finished) <= set(own) and any(word.startswith(last) for word in own)


def _different(titles: Iterable[str]) -> list[str]:
    """Each title once, as it was written first."""
    found: dict[str, str] = {}
    for title in titles:
        found.setdefault(" ".join(query_words(title)), title)
    return list(found.values())
