"""Corrections of words that hardly any book has, and of their spaces."""

from collections.abc import Iterator
from typing import Any

from tantivy import Order, Searcher

from bookstore.catalog.index.queries import Queries
from bookstore.catalog.words import unspaced

_SHORTEST = 5
"""Below so many letters everything is similar to something."""
_TWO_ERRORS_FROM = 8
_MORE_FREQUENT = 50
"""A word in so many times more books is what was meant by a rare one."""
_LOOKED_AT = 50


_MEANT = {"words": "names", "author": "author"}
"""Where the words are that may have been meant, by the field that is searched."""


def correction(searcher: Searcher, queries: Queries, field: str, words: list[str]) -> list[str] | None:
    """The words with what was probably meant in place of the misspelled ones; None when nothing is better."""
    corrected = [_probably(searcher, queries, field, word) for word in words]
    return corrected if corrected != words else _respaced(searcher, field, words)


def _respaced(searcher: Searcher, field: str, words: list[str]) -> list[str] | None:
    """The words with a space more or less, where that makes words that are known; None where it does not."""
    weights = {
        min(searcher.doc_freq(_MEANT[field], word) for word in made): respaced
        for asked, made, respaced in _respacings(words)
        # What somebody wrote as one word is not taken apart.
        if len(asked) > 1 or not searcher.doc_freq(field, asked[0])
    }
    best = max(weights, default=0)
    return weights[best] if best else None


def _respacings(words: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Each word to be parted and each two to be joined, what is made of them, and all words with it."""
    for place, word in enumerate(words):
        before, after = words[:place], words[place + 1 :]
        for cut in range(2, len(word) - 1):
            parts = [word[:cut], word[cut:]]
            yield [word], parts, [*before, *parts, *after]
        if after:
            joined = [unspaced([word, after[0]])]
            yield [word, after[0]], joined, [*before, *joined, *after[1:]]


def _probably(searcher: Searcher, queries: Queries, field: str, word: str) -> str:
    if len(word) < _SHORTEST or word.isdigit():
        return word
    known, meant = searcher.doc_freq(field, word), _MEANT[field]
    # A word that somebody else wrote so as well is hardly two errors away; to look so far takes its time.
    errors = 2 if len(word) >= _TWO_ERRORS_FROM and not known else 1
    enough = known * _MORE_FREQUENT
    weights = {
        other: books / _MORE_FREQUENT ** (distance - 1)
        for other in _similar(searcher, queries, meant, word, errors, enough)
        if (books := searcher.doc_freq(meant, other)) > enough and (distance := edits(word, other)) <= errors
    }
    best = max(weights, key=lambda other: (weights[other], other), default=word)
    return best if weights.get(best, 0) > enough else word


def _similar(searcher: Searcher, queries: Queries, field: str, word: str, errors: int, enough: int) -> Iterator[str]:
    """Words of about this length in the titles and names of the best sold books that have a similar one in the field.

    Those that not more than `enough` books have may be left out.
    """
    query = queries.similar(field, word, errors)
    found: Any = searcher.search(query, _LOOKED_AT, count=True, order_by_field="by_sold", order=Order.Desc)
    # A word that more than `enough` of the books have is in one of any so many.
    looked_at = found.hits[: max(0, found.count - enough)]
    texts = [str(searcher.doc(address).get_first("names")) for _, address in looked_at]
    letters = set(word)
    for other in {other for text in texts for other in text.split()}:
        # An error takes one letter away at most, and brings one.
        if other != word and abs(len(other) - len(word)) <= errors and len(letters ^ set(other)) <= 2 * errors:
            yield other


def edits(one: str, other: str) -> int:
    """How many letters were left out, added, changed, or swapped with the next, to make one of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
