"""Environment variables in a stack file, by the rules of the library that upstream uses (drone/envsubst)."""

import fnmatch
import re
from collections.abc import Callable, Mapping

from faas.cli.errors import CliError

_NAME = re.compile(r"\w+")
_OPERATOR = re.compile(r":[-=?+]|=|\^\^?|,,?|//|/[#%]|/|##?|%%?|:")
_NUMBER = re.compile(r"[+-]?\d+")


def substitute(text: str, environment: Mapping[str, str]) -> str:
    """Put variables where `${NAME}` and its variants stand, and `$` where `$$` does.

    Raises CliError for an expression that is not closed or not understood.
    """
    return _Reader(text, environment).until_end()


class _Reader:
    """A cursor over the text."""

    def __init__(self, text: str, environment: Mapping[str, str]) -> None:
        self._text, self._environment, self._at = text, environment, 0

    def until_end(self) -> str:
        parts = []
        while self._at < len(self._text):
            if self._take("${"):
                parts.append(self._expression())
            else:
                parts.append(self._escaped() or self._character())
        return "".join(parts)

    def _escaped(self) -> str:
        return next((pair[1] for pair in ("$$", "\\/", "\\\\") if self._take(pair)), "")

    def _character(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _take(self, expected: str) -> bool:
        found = self._text.startswith(expected, self._at)
        self._at += len(expected) if found else 0
        return found

    def _match(self, pattern: re.Pattern[str], why: str) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise CliError(why)
        self._at = match.end()
        return match.group()

    def _expression(self) -> str:
        if self._take("#"):
            length = str(len(self._value().encode()))
            return self._closed(length)
        value = self._value()
        if self._take("}"):
            return value
        operator = self._match(_OPERATOR, "missing closing brace")
        if operator in _CASES:
            return self._closed(_CASES[operator](value))
        if operator in (":", "/", "//", "/#", "/%"):
            end = operator[0]
            first = self._argument(end, escapes=end == "/")
            second = self._argument(escapes=end == "/") if self._take(end) else None
            return self._closed(_of_two(operator, value, first, second))
        return self._closed(_of_one(operator, value, self._argument()))

    def _value(self) -> str:
        return self._environment.get(self._match(_NAME, "unable to parse variable name"), "")

    def _argument(self, end: str = "", *, escapes: bool = False) -> str:
        parts = []
        while self._at < len(self._text) and self._text[self._at] not in "}" + end:
            if self._take("${"):
                parts.append(self._expression())
            else:
                parts.append((escapes and self._escaped()) or self._character())
        return "".join(parts)

    def _closed(self, result: str) -> str:
        if not self._take("}"):
            raise CliError("bad substitution")
        return result


_CASES: dict[str, Callable[[str], str]] = {
    ",": lambda value: value[:1].lower() + value[1:],
    ",,": str.lower,
    "^": lambda value: value[:1].upper() + value[1:],
    "^^": str.upper,
}


def _of_one(operator: str, value: str, argument: str) -> str:
    if operator in ("#", "##"):
        return value[_matched(value, argument, longest=operator == "##") :]
    if operator in ("%", "%%"):
        cut = _matched(value[::-1], argument[::-1], longest=operator == "%%")
        return value[: len(value) - cut]
    # Every form of a default is taken for `:-`.
    return value or argument


def _of_two(operator: str, value: str, first: str, second: str | None) -> str:
    if operator == ":":
        return _substring(value, first, second)
    new = second or ""
    if operator == "/#":
        return new + value[len(first) :] if value.startswith(first) else value
    if operator == "/%":
        return value[: len(value) - len(first)] + new if value.endswith(first) else value
    return value.replace(first, new, -1 if operator == "//" else 1)


def _substring(value: str, first: str, second: str | None) -> str:
    if not _NUMBER.fullmatch(first) or (second is not None and not _NUMBER.fullmatch(second)):
        return value
    start = int(first) if int(first) >= 0 else max(0, len(value) + int(first))
    return value[start:] if second is None else value[start : start + int(second)]


def _matched(value: str, pattern: str, *, longest: bool) -> int:
    """How much of the beginning of `value` the pattern matches."""
    lengths = range(len(value), 0, -1) if longest else range(1, len(value) + 1)
    return next((length for length in lengths if fnmatch.fnmatchcase(value[:length], pattern)), 0)
