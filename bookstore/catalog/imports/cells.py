"""The cells of a CSV file, read as generously as is safe: spreadsheets make 2008.0 of years and lose leading zeros."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bookstore.catalog.isbn import isbn13
from bookstore.catalog.models import Contributor
from bookstore.catalog.roles import code_of
from bookstore.money import digits

# Not with three zeros: 1.000 is a thousand to those who write it so.
_WHOLE = re.compile(r"-?[0-9]{1,12}(?:\.(?!000$)0{1,6})?")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,4})?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}[.,][0-9]{3}")
_YEAR = re.compile(r"(-?[0-9]{1,4})\.0")
_SHORTENED_ISBN = re.compile(r"[0-9]{6,8}[0-9Xx]")
_SERIES = re.compile(r"(?P<title>.*\S)\s*\((?P<series>[^()#;]*[^()#;,\s]),?\s+#(?P<volume>[^()#;,]+)(?:[;,][^()]*)?\)")
_PEOPLE = re.compile(r"(?:\\.|[^;\\])+")
_PERSON = re.compile(r"(?P<name>(?:\\.|[^\\\[])*)(?:\[(?P<code>[A-Z][0-9]{2})\])?")
_LONGEST_TITLE = 600


def whole(text: str) -> int:
    """A whole number, also if it is written 12.0."""
    if not _WHOLE.fullmatch(text):
        raise ValueError("must be a whole number")
    return int(text.partition(".")[0])


def amount(text: str, currency: str) -> int:
    """Minor units from an amount with a decimal point or comma."""
    if not _AMOUNT.fullmatch(text):
        raise ValueError("must be an amount such as 12.99")
    minor = Decimal(text.replace(",", ".")).scaleb(digits(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"has more decimals than {currency}")
    return int(minor)


def typed_amount(text: str, currency: str) -> int:
    """As `amount`, from what people write: 1,200 is twelve hundred to some of them, and refused."""
    if _THOUSANDS.fullmatch(text) and digits(currency) != 3:
        raise ValueError("has its thousands apart, or too many decimals: write 1200 or 1200.00")
    return amount(text, currency)


def isbn(text: str) -> str:
    """An ISBN in any spelling; 7 to 9 characters are one of ten that has lost its leading zeros."""
    return isbn13(text.zfill(10) if _SHORTENED_ISBN.fullmatch(text) else text)


def published(text: str) -> str:
    """A year, a month or a day, also if the year is written 1998.0."""
    year = _YEAR.fullmatch(text)
    return year[1] if year else text


def split_series(title: str) -> tuple[str, dict[str, str] | None]:
    """The title and the series that it names at its end: "Emma (Novels, #4)"."""
    found = _SERIES.fullmatch(title) if len(title) <= _LONGEST_TITLE else None
    if not found or len(found["volume"].strip()) > 20:
        return title, None
    return found["title"], {"title": found["series"].strip(), "volume": found["volume"].strip()}


def write_people(people: list[Contributor]) -> str:
    """People in one cell: "Ana Gil; Tom Ode [B06]", the code of list 17 where it is not an author's."""
    return "; ".join(_person(person) for person in people)


def read_people(text: str) -> list[dict[str, str]]:
    """What `write_people` wrote."""
    people = []
    for each in _PEOPLE.findall(text):
        found = _PERSON.fullmatch(each.strip())
        written, code = (found["name"], found["code"]) if found else (each, None)
        name = re.sub(r"\\(.)", r"\1", written).strip()
        if name:
            people.append({"name": name, **({"onix_role": code} if code else {})})
    return people


def _person(person: Contributor) -> str:
    name = re.sub(r"([\\;\[])", r"\\\1", person.name)
    return name if person.code == code_of("author") else f"{name} [{person.code}]"


def reader(column: str, *, currency: str, author_separator: str) -> Callable[[str], Any]:
    """The function that reads a column's cells; each raises ValueError saying what is wrong."""
    readers: dict[str, Callable[[str], Any]] = {
        "isbn13": isbn,
        "published": published,
        "language": lambda text: text.replace("_", "-"),
        "format": str.lower,
        "condition": lambda text: re.sub(r"[\s-]+", "_", text.lower()),
        "pages": whole,
        "stock": whole,
        "price_cents": whole,
        "price": lambda text: typed_amount(text, currency),
        "subjects": lambda text: [code for code in re.split(r"[\s;,]+", text) if code],
        "authors": lambda text: _names(text, author_separator),
        "contributors": read_people,
    }
    return readers.get(column, str)


def _names(text: str, separator: str) -> list[str]:
    return list(dict.fromkeys(" ".join(name.split()) for name in text.split(separator) if name.strip()))
