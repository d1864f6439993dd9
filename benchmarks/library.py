"""A large catalog of made-up books, put straight into the database and taken out again.

It is made for measuring searches: the words of its titles are as frequent as those of a language, "history" stands in
every eighth, and a word of its own in each book. `python -m benchmarks.library add 100000`, run where the databases'
secrets are; `benchmarks.catalog` does so in the network of a running shop.
"""

import itertools
import random
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

from bookstore.catalog import records
from bookstore.catalog.models import BookIn
from bookstore.clock import now
from bookstore.database import Connection, connect, execute, execute_many, fetch_all
from bookstore.identity import User
from bookstore.ids import new_id
from bookstore.secrets import secret

_LIBRARY = User("library-for-measuring", "Library", "user")
COMMON, PREFIX = "history", "hist"
_AT_ONCE = 1000
_VOCABULARY = 60_000
_FREQUENT = [COMMON, "the", "of", "and", "in", "a", "to", "for", "life", "world", "new", "house", "night", "love"]
_SUBJECTS = [first + second + third for first in "ADFJKNW" for second in "BCGH" for third in ("", "A", "D", "K")]
_LANGUAGES = {"en": 60, "es": 15, "fr": 8, "de": 8, "pt-BR": 4, "en-GB": 5}
_FORMATS = {"paperback": 5, "hardcover": 3, "ebook": 2, "audiobook": 1}
_CONDITIONS = {"new": 7, "like_new": 1, "very_good": 1, "good": 1}


def rare_word(place: int) -> str:
    """The word that only the book at this place has."""
    return _spelled(place + _VOCABULARY, "zq")


def books(count: int, *, seed: int = 7) -> Iterator[BookIn]:
    """So many books, the same at every run."""
    dice = random.Random(seed)
    words = [*_FREQUENT, *(_spelled(place) for place in range(_VOCABULARY))]
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    people = [f"{dice.choice(words).title()} {_spelled(dice.randrange(20_000)).title()}" for _ in range(50_000)]
    publishers = [f"{_spelled(place).title()} Press" for place in range(500)]
    for place in range(count):
        title = " ".join(dice.choices(words, cum_weights=weights, k=dice.choice((1, 2, 3, 3, 4, 4, 5, 6, 8))))
        yield BookIn.model_validate(_book(f"{title} {rare_word(place)}".capitalize(), people, publishers, dice))


def add(db: Connection, count: int) -> None:
    """Put so many books on sale, without telling anybody."""
    begin = now() - timedelta(days=1)
    every = books(count)
    while batch := list(itertools.islice(every, _AT_ONCE)):
        rows = [records.new_row(book, work_id=new_id(), seller=_LIBRARY, at=begin) for book in batch]
        execute_many(db, "INSERT INTO works (id) VALUES (%(work_id)s)", rows)
        records.insert_many(db, rows)


def remove(db: Connection) -> None:
    """Take all of them off again."""
    while rows := fetch_all(db, "SELECT id, work_id FROM books WHERE seller_id = %s LIMIT %s", [_LIBRARY.id, _AT_ONCE]):
        execute(db, "DELETE FROM works WHERE id IN %s", [[row["work_id"] for row in rows]])
        execute(db, "DELETE FROM books WHERE id IN %s", [[row["id"] for row in rows]])


def _book(title: str, people: list[str], publishers: list[str], dice: random.Random) -> dict[str, Any]:
    def one_of(weighted: dict[str, int]) -> str:
        return dice.choices(list(weighted), list(weighted.values()))[0]

    return {
        "title": title,
        "authors": dice.sample(people, dice.choice((1, 1, 1, 2))),
        "publisher": dice.choice(publishers),
        "published": str(dice.randrange(1950, 2026)),
        "language": one_of(_LANGUAGES),
        "format": one_of(_FORMATS),
        "condition": one_of(_CONDITIONS),
        "subjects": dice.sample(_SUBJECTS, dice.choice((1, 2, 3))),
        "description": "A book that was made up to be found. " * dice.randrange(2, 12),
        "price_cents": int(dice.lognormvariate(7.2, 0.6)),
        "stock": dice.choice((0, 1, 2, 5, 10, 10, 20, 20, 40, 40)),
    }


def _spelled(number: int, beginning: str = "") -> str:
    """A word that can be spoken, another one for each number."""
    syllables = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeiou"]
    spelled = beginning
    number += len(syllables)
    while number:
        number, rest = divmod(number, len(syllables))
        spelled += syllables[rest]
    return spelled


def main() -> None:
    """`add <count>` or `remove`."""
    with closing(connect(secret("catalog-db"))) as db:
        if sys.argv[1] == "add":
            add(db, int(sys.argv[2]))
        else:
            remove(db)


if __name__ == "__main__":
    main()
