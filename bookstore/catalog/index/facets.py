"""Facets: how many books each value of a filter would leave beside the other filters."""

from typing import Any

from tantivy import Query, Searcher

from bookstore.catalog.index.documents import plain_code
from bookstore.catalog.index.queries import both
from bookstore.catalog.models import MAX_PRICE, BooksQuery, FacetOut, FacetsOut, PriceBandOut
from bookstore.catalog.settings import price_bands

_MOST_VALUES = 30


def facets(searcher: Searcher, conditions: dict[str, Query], query: BooksQuery) -> FacetsOut:
    """The counts for a query. A filter that is set does not count for its own facet, so that its rivals are seen."""
    wanted = _wanted(query)
    own = conditions.keys() & wanted.keys() - {"subject"}
    counted = searcher.aggregate(
        both(conditions.values()), {name: how for name, how in wanted.items() if name not in own}
    )
    for name in own:
        others = both(condition for condition_of, condition in conditions.items() if condition_of != name)
        counted |= searcher.aggregate(others, {name: wanted[name]})
    return FacetsOut(
        subject=[FacetOut(value=value.value.upper(), count=value.count) for value in _values(counted["subject"])],
        format=_values(counted["format"]),
        language=_values(counted["language"]),
        condition=_values(counted["condition"]),
        price=_bands(counted["price"]),
        in_stock=sum(bucket["doc_count"] for bucket in counted["in_stock"]["buckets"] if bucket["key"]),
    )


def _wanted(query: BooksQuery) -> dict[str, Any]:
    chosen = plain_code(query.subject) if query.subject else ""
    # Wider languages only, as a filter takes them: those of "en-GB" are among those of "en".
    narrowed = {"subject": f"{chosen}." if chosen else "[a-z]", "language": "[a-z]+"}
    wanted: dict[str, Any] = {
        name: {"terms": {"field": name, "size": _MOST_VALUES, "include": narrowed.get(name, ".*")}}
        for name in ("subject", "format", "language", "condition")
    }
    wanted["in_stock"] = {"terms": {"field": "in_stock"}}
    ends = price_bands()
    bands = [{"from": least, "to": most} for least, most in zip((0, *ends), (*ends, MAX_PRICE + 1), strict=True)]
    return {**wanted, "price": {"range": {"field": "price", "ranges": bands}}}


def _values(counted: dict[str, Any]) -> list[FacetOut]:
    return [FacetOut(value=bucket["key"], count=bucket["doc_count"]) for bucket in counted["buckets"]]


def _bands(counted: dict[str, Any]) -> list[PriceBandOut]:
    return [
        PriceBandOut(min_price=int(bucket.get("from", 0)), max_price=int(bucket["to"]) - 1, count=bucket["doc_count"])
        for bucket in counted["buckets"]
        if bucket["doc_count"]
    ]
