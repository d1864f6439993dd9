"""The places of books in a series, in the order in which people read them: 2 before 10, 1½ before 2, IX before X."""

import re
import unicodedata

_DIGITS = 8
_LONGEST = 200
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_FRACTION = re.compile(r"(?:([0-9]+) ?)?([\u00bc-\u00be\u2150-\u215e])")
# A word that no digit touches: the "v" of "v2" is no five, nor the "i" of "3i" a one.
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+(?![^\W_])")
# Up to 39: beyond it no series goes, and C, D, L and M name volumes by letter.
_ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
# The parts of a volume have a letter: IIa.
_PART = re.compile(rf"({_ROMAN.pattern})([a-h]?)")
_WORTH = {"i": 1, "v": 5, "x": 10}


def order_of(volume: str | None) -> str:
    """A text that sorts, byte by byte, as the volume does in its series; a book without one comes last.

    At most 200 ASCII characters, whatever they are made of.
    """
    if volume is None:
        return "~"
    words = _WORD.sub(_arabic, _plain(volume))
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
    part = _PART.fullmatch(word[0])
    if not part:
        return word[0]
    values = [_WORTH[letter] for letter in part[1]]
    return f"{sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))}{part[2]}"


def _plain(volume: str) -> str:
    """Small letters and the digits 0 to 9, however the volume is typeset: Ⅱ is ii, ② is 2, 1½ is 1.5."""
    digits = re.sub(r"\d", lambda digit: str(int(digit[0])), volume)
    return unicodedata.normalize("NFKC", _FRACTION.sub(_decimal, digits)).casefold()


def _decimal(fraction: re.Match[str]) -> str:
    return f"{int(fraction[1] or 0) + unicodedata.numeric(fraction[2]):.4f}".rstrip("0")
