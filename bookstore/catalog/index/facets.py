"""Facets: how many books each value of a filter would leave beside the other filters."""

from typing import Any

from tantivy import Query, Searcher

from bookstore.catalog.index.documents import level, plain_code
from bookstore.catalog.index.queries import both
from bookstore.catalog.models import MAX_PRICE, BooksQuery, FacetOut, FacetsOut, PriceBandOut
from bookstore.catalog.settings import price_bands

_MOST_VALUES = 30


def facets(searcher: Searcher, conditions: dict[str, Query], query: BooksQuery) -> FacetsOut:
    """The counts for a query. A filter that is set does not count for its own facet, so that its rivals are seen."""

    def beside(name: str) -> Query:
        return both(condition for other, condition in conditions.items() if other != name)

    def values(name: str, beginning: str, within: Query) -> list[FacetOut]:
        counted = searcher.terms_with_prefix(name, beginning, within)
        best = sorted(counted, key=lambda value: (-value[1], value[0]))[:_MOST_VALUES]
        return [FacetOut(value=value.removeprefix(_step(beginning)), count=count) for value, count in best if count]

    # Narrower subjects are among those of the chosen one, which therefore counts.
    chosen = plain_code(query.subject or "")
    narrower = values("subject", f"{len(chosen) + 1}:{chosen}", both(conditions.values()))
    return FacetsOut(
        # What begins with a digit says of which place or time a book is, and is no subject.
        subject=[
            FacetOut(value=found.value.upper(), count=found.count) for found in narrower if not found.value.isdigit()
        ],
        format=values("format", "", beside("format")),
        # Those of "en-GB" are among those of "en".
        language=values("language", level([""]), beside("language")),
        condition=values("condition", "", beside("condition")),
        price=_bands(searcher, beside("price")),
        in_stock=_in_stock(searcher, beside("in_stock")),
    )


def _step(beginning: str) -> str:
    step, colon, _ = beginning.partition(":")
    return step + colon if colon else ""


def _bands(searcher: Searcher, within: Query) -> list[PriceBandOut]:
    ends = price_bands()
    ranges = [{"from": least, "to": most} for least, most in zip((0, *ends), (*ends, MAX_PRICE + 1), strict=True)]
    counted: dict[str, Any] = searcher.aggregate(within, {"bands": {"range": {"field": "price", "ranges": ranges}}})
    return [
        PriceBandOut(min_price=int(bucket.get("from", 0)), max_price=int(bucket["to"]) - 1, count=bucket["doc_count"])
        for bucket in counted["bands"]["buckets"]
        if bucket["doc_count"]
    ]


def _in_stock(searcher: Searcher, within: Query) -> int:
    counted: dict[str, Any] = searcher.aggregate(within, {"stock": {"terms": {"field": "in_stock"}}})
    return sum(bucket["doc_count"] for bucket in counted["stock"]["buckets"] if bucket["key"])
