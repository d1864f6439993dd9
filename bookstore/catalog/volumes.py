"""The places of books in a series, in the order in which people read them: 2 before 10, 1.5 before 2, IX before X."""

import re

_DIGITS = 8
_LONGEST = 200
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
# Up to 39: beyond it no series goes, and C, D, L and M name volumes by letter.
_ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
_WORTH = {"i": 1, "v": 5, "x": 10}


def order_of(volume: str | None) -> str:
    """A text that sorts, byte by byte, as the volume does in its series; a book without one comes last.

    At most 200 ASCII characters, whatever they are made of.
    """
    if volume is None:
        return "~"
    words = re.sub(r"[^\W\d_]+", _arabic, volume.casefold())
    padded = _NUMBER.sub(_padded, words)
    return padded.encode("ascii", "backslashreplace").decode()[:_LONGEST]


def is_number(word: str) -> bool:
    """Whether a word of a title, as searches know it, tells one volume from another: 2, II, 1984."""
    return any(map(str.isdigit, word)) or bool(_ROMAN.fullmatch(word.rstrip("_")))


def _padded(number: re.Match[str]) -> str:
    whole, point, fraction = number[0].partition(".")
    # Digits after the point sort as they are: 1.25 before 1.5.
    return f"{whole.lstrip('0').zfill(_DIGITS)}{point}{fraction}"


def _arabic(word: re.Match[str]) -> str:
    if not _ROMAN.fullmatch(word[0]):
        return word[0]
    values = [_WORTH[letter] for letter in word[0]]
    return str(sum(-value if value < max(values[place:]) else value for place, value in enumerate(values)))
