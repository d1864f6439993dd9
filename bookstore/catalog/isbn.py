"""ISBNs: the number of an edition, in its old form of 10 and its present one of 13 digits."""

import re

# Hyphens, dashes and the minus sign, and what web pages put between digits that nobody sees.
_JOINTS = re.compile(r"[\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufe63\ufeff\uff0d-]")
_LABELED = re.compile(r"(?:ISBN(?:1[03])?:?)?(97[89][0-9]{10}|[0-9]{9}[0-9X])")


class WrongCheckDigit(ValueError):
    """An ISBN whose last digit does not follow from the others."""

    def __init__(self, bare: str, right: str) -> None:
        super().__init__(f"has a wrong check digit: {bare[-1]} at its end, but {bare[:-1]} asks for {right}")
        self.corrected = bare[:-1] + right


def isbn13(text: str) -> str:
    """The 13 digits of an ISBN in any spelling: of 10 or 13 digits, with hyphens or spaces, with "ISBN-13:" before it.

    Raises ValueError saying what is wrong, WrongCheckDigit which digit would be right.
    """
    found = _LABELED.fullmatch(text if text.isdecimal() else _JOINTS.sub("", text).upper())
    if not found:
        raise ValueError("must be an ISBN: 13 digits beginning with 978 or 979, or 10 of which the last may be X")
    bare = found[1]
    if len(bare) == 10:
        _check(bare, check_digit_10(bare[:9]))
        return f"978{bare[:9]}{check_digit_13('978' + bare[:9])}"
    if bare.startswith("9790"):
        raise ValueError("must be an ISBN: a number that begins with 979-0 is an ISMN, of printed music")
    _check(bare, check_digit_13(bare[:12]))
    return bare


def found_in(text: str) -> str | None:
    """The ISBN that a search consists of, or None."""
    try:
        return isbn13(text)
    except ValueError:
        return None


def corrected(text: str) -> str | None:
    """The ISBN that a search means whose last digit is wrong, in 13 digits, or None."""
    try:
        isbn13(text)
    except ValueError as error:
        return isbn13(error.corrected) if isinstance(error, WrongCheckDigit) else None
    return None


def check_digit_10(nine: str) -> str:
    """The check digit after nine digits: 0 to 9 or X."""
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), nine, strict=True))
    return "0123456789X"[-total % 11]


def check_digit_13(twelve: str) -> str:
    """The check digit after twelve digits."""
    total = sum(map(int, twelve[::2])) + 3 * sum(map(int, twelve[1::2]))
    return str(-total % 10)


def _check(bare: str, right: str) -> None:
    if bare[-1] != right:
        raise WrongCheckDigit(bare, right)
