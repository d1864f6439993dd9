"""What a file says of one book, whatever its format, and where in the file it says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from bookstore.catalog.models import BookIn
from bookstore.fields import reasons
from bookstore.text import one_line

_LONGEST_SKU = 100
_LONGEST_NAME = 120


class Place(NamedTuple):
    """Where reading goes on: bytes from the file's beginning, and the number of the line there."""

    offset: int = 0
    line: int = 1


class Problem(NamedTuple):
    """What is wrong with a field of a row."""

    field: str
    reason: str


class Key(NamedTuple):
    """What a seller's listing is known by again: their own number, or the edition in this condition and format.

    One with both is known by its number; while no listing has that, a listing without a number by the edition.
    """

    sku: str | None
    isbn13: str | None = None
    condition: str = "new"
    format: str | None = None

    @property
    def name(self) -> str:
        """The key as one text."""
        name = f"sku:{self.sku}" if self.sku else f"isbn:{self.isbn13}:{self.condition}:{self.format or ''}"
        # What a file calls a condition may be a whole sentence, for which its row is refused later.
        return name[:_LONGEST_NAME]


@dataclass(frozen=True)
class Entry:
    """A row or a product. `fields` are those that the file speaks of, as BookIn takes them; None empties a field.

    A series has the parts that the file speaks of. An entry with `problems` is refused; `notes` only tell what was left
    out of it.
    """

    line: int
    key: Key | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    deleted: bool = False


class Unreadable(Exception):
    """The file cannot be read any further, and none of it will be."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


class Source(Protocol):
    """The bytes of a file that came in parts."""

    def chunks(self, offset: int) -> Iterator[bytes]:
        """Everything from an offset on, in pieces of at most 1 MiB."""


Reading = Iterator[tuple[Entry, Place]]
"""Entries, each with the place behind it."""


def key_of(
    fields: Mapping[str, Any],
    sku: str | None,
    default_condition: str,
    default_format: str | None,
    *,
    of_product: bool = False,
) -> Key:
    """The key of an entry; with a number that is a product's, not a copy's, it has the edition as well.

    Raises ValueError when it has none, or the seller's number is no text for one.
    """
    edition = Key(
        None,
        fields.get("isbn13"),
        fields.get("condition") or default_condition,
        fields.get("format") or default_format,
    )
    if sku:
        name = one_line(sku)
        if len(name) > _LONGEST_SKU:
            raise ValueError(f"must have at most {_LONGEST_SKU} characters")
        return edition._replace(sku=name) if of_product else Key(name)
    if not edition.isbn13:
        raise ValueError("is required for a book without an ISBN: the next import must know the book again")
    return edition


def listing(fields: Mapping[str, Any], *, otherwise: Mapping[str, Any]) -> BookIn:
    """The listing that the fields make, with what is there `otherwise`. Raises ValidationError."""
    both = {**otherwise, **fields}
    if "authors" in fields:
        both.pop("contributors", None)
    if parts := fields.get("series"):
        both["series"] = _series(parts, otherwise.get("series") or {})
    return BookIn.model_validate(_without_none(both))


def problems_of(error: ValidationError) -> tuple[Problem, ...]:
    """What is wrong with a listing, field by field, as its seller calls them."""
    return tuple(dict.fromkeys(_problem(where, why) for where, why in reasons(error)))


def _series(parts: Mapping[str, str | None], there: Mapping[str, str | None]) -> dict[str, str] | None:
    """The series that the parts make with those that are there: a volume goes with its series."""
    return _without_none({**(there if parts.get("title", "kept") else {}), **parts}) or None


def _without_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _problem(location: tuple[int | str, ...], reason: str) -> Problem:
    if (location, reason) == (("series", "title"), "field required"):
        return Problem("volume", "belongs to no series: name the series too")
    return Problem(_field(location), reason)


def _field(location: tuple[int | str, ...]) -> str:
    if location[:2] == ("series", "volume"):
        return "volume"
    return str(location[0]) if location else ""
