"""Compounds get the one word that they are found by as well: catch22 did not find Catch-22."""

import json
from collections.abc import Iterable

from bookstore.catalog.records import every_listing
from bookstore.catalog.words import index_words
from bookstore.database import Connection, Row, execute, execute_many

_TEXTS = ("title", "subtitle", "series_title", "series_volume", "publisher")


def apply(db: Connection) -> None:
    """Add the words that are missing, unless somebody changes the listing at that moment: then they are there."""
    for rows in every_listing(db, f"number, version, contributors, {', '.join(_TEXTS)}, author_words, other_words"):
        changed = [made for row in rows if (made := row | _made(row)) != row]
        if changed:
            _keep(db, changed)


def _made(row: Row) -> Row:
    names = [person["name"] for person in json.loads(row["contributors"])]
    return {
        "author_words": _with_all(row["author_words"], names),
        "other_words": _with_all(row["other_words"], [row[name] or "" for name in _TEXTS]),
    }


def _with_all(kept: str, texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys([*kept.split(), *(word for text in texts for word in index_words(text))]))


def _keep(db: Connection, rows: list[Row]) -> None:
    # Some at once: of a million books these are so many that a commit for each would take most of the time.
    db.begin()
    for row in rows:
        execute(
            db,
            "UPDATE books SET author_words = %(author_words)s, other_words = %(other_words)s"
            " WHERE number = %(number)s AND version = %(version)s",
            row,
        )
    # The version counts the seller's changes and stays as it is, so nothing else tells the search index.
    execute_many(db, "INSERT INTO search_queue (number) VALUES (%s)", [[row["number"]] for row in rows])
    db.commit()
