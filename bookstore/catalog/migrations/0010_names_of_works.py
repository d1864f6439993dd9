"""Works get the names by which they are known today beside those of before: else their next offers begin others."""

from bookstore.catalog.records import every_listing
from bookstore.catalog.works import name_of
from bookstore.database import Connection, execute_many


def apply(db: Connection) -> None:
    """Where two works have one name by now, it is the older listing's."""
    for rows in every_listing(db, "number, work_id, title, contributors, isbn13, series_title, series_volume"):
        execute_many(
            db,
            "INSERT INTO work_keys (name, work_id) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = name",
            [[name_of(row), row["work_id"]] for row in rows],
        )
