"""Whether a listing that goes by another name offers the work that it offered: a slip mended, a title told in full.

Nobody can tell for sure: Cats and Bats may be one misspelled book or two. What is taken for a correction is close
enough that hardly anybody would sell two works under the two names.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from bookstore.catalog.volumes import is_number

_ALIKE = 0.75  # one letter of four
_ADDED = 0.2  # of the letters of both
# Comparing takes the square of what there is, and a file may have many titles made for it to take long.
_MOST_WORDS, _MOST_LETTERS = 100, 60

Words = Sequence[str]


def mends(before: Words, after: Words) -> bool:
    """Whether two texts are the same but for slips: no word stands for a different one, and no number has changed."""
    if _numbers(before) != _numbers(after):
        return False
    old, new = _different(before, after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return False
    added = 0
    for kind, *(a, b, c, d) in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "replace" and not _alike(" ".join(old[a:b]), " ".join(new[c:d])):
            return False
        if kind in ("insert", "delete"):
            added += _letters(old[a:b]) + _letters(new[c:d])
    return added <= _ADDED * (_letters(before) + _letters(after))


def told_in_full(before: Words, after: Words) -> bool:
    """Whether one of two texts is how the other begins or ends: Iliad and The Iliad, Emma and Emma: A Novel.

    A number more makes another work of it: the second volume is not the first.
    """
    shorter = min(len(before), len(after))
    ends = ((before[:shorter], after[:shorter]), (before[-shorter:], after[-shorter:]))
    return _numbers(before) == _numbers(after) and any(mends(*pair) for pair in ends)


def same_person(before: Words, after: Words) -> bool:
    """Whether two names are one person's: mended, in another order, or with more or fewer names."""
    fewer, more = sorted((set(before), set(after)), key=len)
    return (bool(fewer) and fewer <= more) or mends(sorted(before), sorted(after))


def _alike(old: str, new: str) -> bool:
    return max(len(old), len(new)) <= _MOST_LETTERS and SequenceMatcher(None, old, new).ratio() >= _ALIKE


def _different(before: Words, after: Words) -> tuple[Words, Words]:
    """Two texts without the words at which both begin and end."""
    begin = _common(before, after)
    old, new = before[begin:], after[begin:]
    end = _common(old[::-1], new[::-1])
    return old[: len(old) - end], new[: len(new) - end]


def _common(before: Words, after: Words) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(before), len(after)))


def _letters(words: Words) -> int:
    return sum(map(len, words))


def _numbers(words: Words) -> list[str]:
    return sorted(filter(is_number, words))
