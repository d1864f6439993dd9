"""Works get the names by which they are known today beside those of before: else their next offers begin others."""

from bookstore.catalog.works import name_of
from bookstore.database import Connection, execute_many, fetch_all

_BATCH = 5000


def apply(db: Connection) -> None:
    """Where two works have one name by now, it is the older listing's."""
    after = 0
    while rows := fetch_all(
        db,
        "SELECT number, work_id, title, contributors, isbn13, series_title, series_volume FROM books"
        " WHERE number > %s ORDER BY number LIMIT %s",
        [after, _BATCH],
    ):
        execute_many(
            db,
            "INSERT INTO work_keys (name, work_id) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = name",
            [[name_of(row), row["work_id"]] for row in rows],
        )
        after = rows[-1]["number"]
