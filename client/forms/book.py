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
_PERSON = re.compile(r"(.+?)\s*\(([\w -]+)\)")
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
        "description": form.text("description").replace("\r\n", "\n") or None,
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
    people = []
    for line in filter(str.strip, text.splitlines()):
        match = _PERSON.fullmatch(line.strip())
        name, role = match.groups() if match else (line.strip(), "author")
        people.append({"name": name, "role": role.lower()})
    return people


def _person(entry: Mapping[str, str]) -> str:
    return entry["name"] if entry["role"] == "author" else f"{entry['name']} ({entry['role']})"


def _series(form: Form) -> dict[str, str] | None:
    parts = {"title": form.text("series_title"), "volume": form.text("series_volume")}
    named = {name: value for name, value in parts.items() if value}
    return named or None


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError("Enter a whole number.")
    return int(text)
