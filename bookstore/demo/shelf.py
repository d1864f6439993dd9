"""The books of the demo: what was typed in, and what a seeded generator makes of it."""

import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookstore.catalog.models import BookIn

_SEED = 1813
_CONDITIONS = {"new": 1.0, "like_new": 0.8, "very_good": 0.65, "good": 0.5}
_FORMATS = {"paperback": 1099, "hardcover": 2199, "ebook": 799}
_COPIED = ("title", "subtitle", "language", "isbn13")


@dataclass(frozen=True)
class Seller:
    """Somebody who sells the demo's books."""

    email: str
    name: str


SELLERS = (
    Seller("lantern@demo.bookstore.example", "Paper Lantern Books"),
    Seller("harbor@demo.bookstore.example", "Harbor Street Books"),
    Seller("macondo@demo.bookstore.example", "Librería Macondo"),
    Seller("attic@demo.bookstore.example", "The Attic, Used and Rare"),
)


def offers() -> Iterator[tuple[Seller, BookIn]]:
    """Every book with its seller, the same at each run, in an order that mixes languages and subjects."""
    dice = random.Random(_SEED)  # noqa: S311
    with Path(__file__).with_name("books.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dice.shuffle(rows)
    for row in rows:
        yield _offer(row, dice)


def _offer(row: Mapping[str, str], dice: random.Random) -> tuple[Seller, BookIn]:
    used = dice.random() < 0.25
    seller = SELLERS[3] if used else SELLERS[2] if row["language"] == "es" else dice.choice(SELLERS[:2])
    condition = dice.choice(list(_CONDITIONS)[1:]) if used else "new"
    form = dice.choices(list(_FORMATS), [5, 3, 0 if used else 1])[0]
    price = _FORMATS[form] * _CONDITIONS[condition] * dice.uniform(0.8, 1.5)
    offer: dict[str, Any] = {
        **{name: row[name] for name in _COPIED if row[name]},
        "authors": [name.strip() for name in row["authors"].split(";")],
        "published": row["year"],
        "subjects": [row["subject"]],
        "series": _series(row),
        "format": form,
        "condition": condition,
        # Prices end in 9, as everywhere.
        "price_cents": round(price / 10) * 10 - 1,
        "stock": dice.choice((1, 1, 2, 3)) if used else dice.choice((0, 2, 4, 8, 12, 20, 40)),
    }
    return seller, BookIn.model_validate(offer)


def _series(row: Mapping[str, str]) -> dict[str, str] | None:
    return {"title": row["series"], **({"volume": row["volume"]} if row["volume"] else {})} if row["series"] else None
