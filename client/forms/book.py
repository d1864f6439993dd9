"""A listing, as its seller types it."""

import re
from collections.abc import Mapping
from typing import Any

from client.forms import Form
from client.money import cents, plain

FIELDS = {
    "title": "Title",
    "subtitle": "Subtitle",
    "people": "Authors and others",
    "price": "Price",
    "stock": "Copies in stock",
    "condition": "Condition",
    "format": "Format",
    "isbn13": "ISBN",
    "publisher": "Publisher",
    "published": "Published",
    "language": "Language",
    "pages": "Pages",
    "series_title": "Series",
    "series_volume": "Volume",
    "subjects": "Subjects",
    "description": "Description",
}
API_NAMES = {
    "contributors": "people",
    "authors": "people",
    "price_cents": "price",
    "series": "series_title",
    "series.title": "series_title",
    "series.volume": "series_volume",
    "subjects": "subjects",
}
_ROLE = re.compile(r"\(([\w -]+)\)")
_CODE = re.compile(r"\[([A-FZ][0-9]{2})\]")  # of ONIX list 17, written as in the bookstore's CSV files
_OPTIONAL = ("subtitle", "isbn13", "publisher", "published", "language", "format", "description_format")


def to_api(form: Form, currency: str) -> dict[str, Any]:
    """The API's body for a listing, its price read in a currency; what cannot be understood is said at its field.

    Empty fields are left out: a PUT replaces the whole listing.
    """
    form.require({"title": "Enter the title.", "people": "Enter at least one author."})
    book = {
        "title": form.text("title"),
        "contributors": _people(form.text("people")),
        "condition": form.text("condition"),
        "price_cents": form.read("price", lambda text: cents(text, currency)),
        "stock": form.read("stock", _count),
        "pages": form.read("pages", _count) if form.text("pages") else None,
        "subjects": re.split(r"[\s,;]+", form.text("subjects")) if form.text("subjects") else None,
        "description": form.prose("description") or None,
        "series": _series(form),
        **{name: form.text(name) or None for name in _OPTIONAL},
    }
    return {name: value for name, value in book.items() if value is not None}


def from_api(book: Mapping[str, Any]) -> dict[str, str]:
    """The values that fill the form for a book that exists."""
    series = book.get("series") or {}
    texts = {name: str(book.get(name) or "") for name in ("title", "description", "condition", "pages", *_OPTIONAL)}
    return texts | {
        "people": "\n".join(_person(entry) for entry in book["contributors"]),
        "price": plain(book["price_cents"], book["currency"]),
        "stock": str(book["stock"]),
        "subjects": " ".join(book.get("subjects") or ()),
        "series_title": str(series.get("title") or ""),
        "series_volume": str(series.get("volume") or ""),
    }


def _people(text: str) -> list[dict[str, str]]:
    return [_read_person(line.strip()) for line in text.split("\n") if line.strip()]


def _read_person(line: str) -> dict[str, str]:
    """Understand "Tom Ode", "Tom Ode (translator)", "Tom Ode [B06]" and "Tom Ode (translator) [B08]"."""
    rest, code = _split_end(line, "[", _CODE)
    name, role = _split_end(rest, "(", _ROLE)
    # The API knows the role that a code stands for.
    person = {"name": name, "role": role.lower() or ("" if code else "author"), "onix_role": code}
    return {key: value for key, value in person.items() if value}


def _split_end(text: str, opening: str, bracketed: re.Pattern[str]) -> tuple[str, str]:
    """Split a text from what it has in brackets at its end, which is "" when there is nothing of that kind."""
    before, bracket, rest = text.rpartition(opening)
    found = bracketed.fullmatch(bracket + rest)
    return (before.strip(), found[1]) if found and before.strip() else (text, "")


def _person(entry: Mapping[str, str]) -> str:
    """Write the line that `_read_person` understands as this person, also when the name itself ends in brackets."""
    author = {"name": entry["name"], "role": "author"}
    if entry == author == _read_person(entry["name"]):
        return entry["name"]
    code = f" [{entry['onix_role']}]" if entry.get("onix_role") else ""
    return f"{entry['name']} ({entry['role']}){code}"


def _series(form: Form) -> dict[str, str] | None:
    parts = {"title": form.text("series_title"), "volume": form.text("series_volume")}
    named = {name: value for name, value in parts.items() if value}
    return named or None


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError("Enter a whole number.")
    return int(text)
