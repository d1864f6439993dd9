"""Facets: how many books each value of a filter would leave beside the other filters."""

from typing import Any

from tantivy import Query, Searcher

from bookstore.catalog.index.documents import level, subject_steps
from bookstore.catalog.index.queries import both
from bookstore.catalog.models import MAX_PRICE, BooksQuery, FacetOut, FacetsOut, PriceBandOut
from bookstore.catalog.settings import price_bands

_MOST_VALUES = 30


def facets(searcher: Searcher, conditions: dict[str, Query], query: BooksQuery) -> FacetsOut:
    """The counts for a query. A filter that is set does not count for its own facet, so that its rivals are seen."""

    def beside(name: str) -> Query:
        return both(condition for other, condition in conditions.items() if other != name)

    wanted, everything = _wanted(), both(conditions.values())
    own = wanted.keys() & conditions.keys()
    # All in one go, as far as they count the same books.
    counted = searcher.aggregate(everything, {name: how for name, how in wanted.items() if name not in own})
    for name in own:
        counted |= searcher.aggregate(beside(name), {name: wanted[name]})
    # Narrower subjects are among those of the chosen one, which therefore counts.
    narrower = level([*subject_steps(query.subject or ""), ""])
    return FacetsOut(
        subject=_subjects(searcher.terms_with_prefix("subject", narrower, everything)),
        # Those of "en-GB" are among those of "en".
        language=_steps(searcher.terms_with_prefix("language", level([""]), beside("language"))),
        format=_values(counted["format"]),
        condition=_values(counted["condition"]),
        price=[_band(bucket) for bucket in counted["price"]["buckets"] if bucket["doc_count"]],
        in_stock=sum(bucket["doc_count"] for bucket in counted["in_stock"]["buckets"] if bucket["key"]),
    )


def _wanted() -> dict[str, Any]:
    ends = price_bands()
    bands = [{"from": least, "to": most} for least, most in zip((0, *ends), (*ends, MAX_PRICE + 1), strict=True)]
    columns = {name: {"terms": {"field": name}} for name in ("format", "condition", "in_stock")}
    return {**columns, "price": {"range": {"field": "price", "ranges": bands}}}


def _subjects(counted: list[tuple[str, int]]) -> list[FacetOut]:
    # What begins with a digit says of which place or time a book is, and is no subject.
    subjects = [(value.upper(), count) for value, count in counted if not value.partition(":")[2].isdigit()]
    return _steps(subjects)


def _steps(counted: list[tuple[str, int]]) -> list[FacetOut]:
    """Codes without the level that they are kept with."""
    best = sorted((-count, value.partition(":")[2]) for value, count in counted if count)[:_MOST_VALUES]
    return [FacetOut(value=value, count=-count) for count, value in best]


def _values(counted: dict[str, Any]) -> list[FacetOut]:
    return [FacetOut(value=bucket["key"], count=bucket["doc_count"]) for bucket in counted["buckets"]]


def _band(bucket: dict[str, Any]) -> PriceBandOut:
    least, beyond = int(bucket.get("from", 0)), int(bucket["to"])
    return PriceBandOut(min_price=least, max_price=beyond - 1, count=bucket["doc_count"])
