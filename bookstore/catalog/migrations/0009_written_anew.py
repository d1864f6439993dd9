"""Orders of volumes, languages and roles, written anew by the rules of today.

Listings are found and sorted by them; and a listing that is shown can be sent again, so a role has to be its code's.
"""

import json

from bookstore.catalog.languages import tag
from bookstore.catalog.records import every_listing
from bookstore.catalog.roles import role_of
from bookstore.catalog.volumes import order_of
from bookstore.database import Connection, Row, execute


def apply(db: Connection) -> None:
    """Change the listings that these rules change, unless somebody else does at that moment: then they are in force."""
    columns = "number, version, language, contributors, series_title, series_volume, series_order"
    for rows in every_listing(db, columns):
        for row in rows:
            made = _made(row)
            if any(row[name] != value for name, value in made.items()):
                _keep(db, row | made)


def _made(row: Row) -> Row:
    return {
        "language": _language(row["language"]),
        "contributors": _contributors(row["contributors"]),
        "series_order": order_of(row["series_volume"]) if row["series_title"] else None,
    }


def _language(kept: str | None) -> str | None:
    try:
        return kept and tag(kept)
    except ValueError:
        # A code that no language has: whoever sends it next is told.
        return kept


def _contributors(kept: str) -> str:
    people = [
        person | {"role": role_of(person["onix_role"])} if "onix_role" in person else person
        for person in json.loads(kept)
    ]
    return json.dumps(people, ensure_ascii=False)


def _keep(db: Connection, row: Row) -> None:
    db.begin()
    execute(
        db,
        "UPDATE books SET language = %(language)s, contributors = %(contributors)s, series_order = %(series_order)s"
        " WHERE number = %(number)s AND version = %(version)s",
        row,
    )
    # The version counts the seller's changes and stays as it is, so nothing else tells the search index.
    execute(db, "INSERT INTO search_queue (number) VALUES (%s)", [row["number"]])
    db.commit()
