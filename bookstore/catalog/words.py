"""The words that books are found by: without case, accents and punctuation, alike in what is kept and what is asked.

The database's own tokens would lose single letters, O'Brien and J.R.R.; these do not. A word of one letter carries an
underscore, because the index takes words from two characters on.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

# Kana and Han are written without spaces: each character counts as a word. The signs among them do not.
_ALONE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"(?!\W)[{_ALONE}]|[^\W_{_ALONE}]+(?:'[^\W_{_ALONE}]+)*")
# Between two letters or digits, without a space: a hyphen, or what else holds a compound or a long number together.
_JOINT = re.compile(r"(?<=[^\W_])(?:[^\w\s]|_)(?=[^\W_])")
_LONGEST = 80  # characters; the index leaves out words of more than 84
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
    }
)


def query_words(text: str) -> list[str]:
    """The words of a text, as a search asks for them: O'Brien is `obrien`, and J. R. R. is `jrr`."""
    return _asked(_folded(text))


def compound_words(text: str) -> list[str]:
    """Those of `query_words` with each compound as one: Catch-22 is `catch22`, and 20,000 is `20000`."""
    return _asked(_JOINT.sub("", _folded(text)))


def index_words(text: str) -> list[str]:
    """The words of a text, as they are kept: those of `query_words`, their parts, and those of `compound_words`."""
    parts = [part for word in _WORD.findall(_folded(text)) for part in word.split("'")]
    return list(dict.fromkeys([*query_words(text), *map(_marked, parts), *compound_words(text)]))


def unspaced(words: Iterable[str]) -> str:
    """A text without what parts its words, the same however its compounds are written."""
    return "".join(words).replace("_", "")


def subject_word(code: str) -> str:
    """The word for a Thema code, which no word of a text begins like; a wider code's word begins a narrower one's."""
    return f"_{code.replace('-', '').lower()}"


def _asked(folded: str) -> list[str]:
    return [word.replace("'", "") for word in _initials_joined(_WORD.findall(folded))]


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _initials_joined(words: list[str]) -> Iterator[str]:
    for initial, run in groupby(words, key=_is_initial):
        found = list(run)
        yield from map(_marked, ["".join(found)] if initial else found)


def _is_initial(word: str) -> bool:
    return len(word) == 1 and not re.match(f"[{_ALONE}]", word)


def _marked(word: str) -> str:
    return word[:_LONGEST] if len(word) > 1 else f"{word}_"
