"""Thema's upper two levels, to browse by. The names are the shop's own wording; the codes are Thema's."""

import csv
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

from bookstore.fields import Input


class SubjectsQuery(Input):
    """Which subjects: those right below `parent`, or the upper two levels."""

    parent: Annotated[str, StringConstraints(pattern="^[A-Za-z]$")] | None = None


class SubjectNameOut(BaseModel):
    """What a subject is called."""

    en: str
    es: str


class SubjectOut(BaseModel):
    """A subject of the tree: books of it have codes that begin with its code."""

    code: str
    name: SubjectNameOut
    parent: str | None = None


class SubjectsOut(BaseModel):
    """The subjects, in the order of their codes; there is one page of them."""

    items: list[SubjectOut]
    next_cursor: None


def list_subjects(query: SubjectsQuery) -> dict[str, Any]:
    """The subjects as JSON."""
    parent = (query.parent or "").upper()
    items = [item for item in _tree() if not parent or item.parent == parent]
    return {"items": [item.model_dump(exclude_none=True) for item in items], "next_cursor": None}


@cache
def _tree() -> tuple[SubjectOut, ...]:
    with Path(__file__).with_name("thema.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            SubjectOut(
                code=row["code"],
                name=SubjectNameOut(en=row["en"], es=row["es"]),
                parent=row["code"][:-1] or None,
            )
            for row in csv.DictReader(file)
        )
