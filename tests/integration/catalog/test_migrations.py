"""A catalog that has books already is brought up to date."""

import json
from contextlib import closing

import pytest

from bookstore.catalog import records
from bookstore.catalog.models import BookIn
from bookstore.database import connect, execute, fetch_all, fetch_one
from bookstore.migrations import migrate, statements, steps
from tests.handlers import call
from tests.integration.catalog.market import buys

COLUMNS = (
    "id, work_id, seller_id, seller_name, title, contributors, subjects, book_condition, price_cents, stock,"
    " stock_supplied, version, created_at, updated_at, title_words, author_words, other_words"
)


@pytest.fixture
def first_release(catalog_db, domain_secrets):
    """The catalog as the first release made it; it is up to date again afterwards."""
    with closing(connect((domain_secrets / "catalog-ddl-db").read_text())) as db:
        execute(db, "SET foreign_key_checks = 0")
        tables = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'catalog'"
        for table in fetch_all(db, tables):
            execute(db, f"DROP TABLE `{table['name']}`")
        for statement in statements(steps("catalog")[0].read_text()):
            execute(db, statement)
        execute(
            db, "CREATE TABLE schema_migrations (name VARCHAR(100) PRIMARY KEY, applied_at DATETIME(6) DEFAULT NOW())"
        )
        execute(db, "INSERT INTO schema_migrations (name) VALUES (%s)", [steps("catalog")[0].stem])
        yield db
        migrate("catalog", db)


def test_books_that_are_there_are_numbered_as_they_came_and_their_works_are_known(first_release, list_book, sam):
    for number in (3, 1, 2):
        written = BookIn(title=f"Emma {number}", authors=["Jane Austen"], price_cents=number, stock=1)
        kept = {**records.columns(written), "id": f"b{number}", "work_id": f"w{number}"}
        kept |= {"seller_id": "sam", "seller_name": "Sam", "stock": 1, "stock_supplied": 1, "version": 1}
        kept |= dict.fromkeys(("created_at", "updated_at"), "2026-01-01")
        values = ", ".join(f"%({name.strip()})s" for name in COLUMNS.split(","))
        execute(first_release, f"INSERT INTO books ({COLUMNS}) VALUES ({values})", kept)
    execute(first_release, "INSERT INTO work_keys VALUES ('isbn:9780306406157', 'gone')")

    assert "0002_search" in migrate("catalog", first_release)
    assert fetch_all(first_release, "SHOW TABLES LIKE 'inbox'") == []

    rows = fetch_all(first_release, "SELECT id, number, sold, title_key FROM books ORDER BY number")
    assert [(row["id"], row["number"], row["sold"]) for row in rows] == [("b1", 1, 0), ("b2", 2, 0), ("b3", 3, 0)]
    assert rows[0]["title_key"] == "emma 1_"
    works = {row["id"] for row in fetch_all(first_release, "SELECT id FROM works")}
    assert works == {"w1", "w2", "w3", "gone"}
    new = list_book(title="Emma 4").body
    listed = call("list-books", query={"q": "emma", "sort": "newest"}).body["items"]
    assert [book["id"] for book in listed] == [new["id"], "b3", "b2", "b1"]
    call("delete-book", path="/b2", token=sam, If_Match="*")
    assert len(call("list-books", query={"sort": "title"}).body["items"]) == 3


def test_a_migration_that_was_cut_off_is_done_again(first_release):
    step = steps("catalog")[1]
    for statement in list(statements(step.read_text()))[:3]:
        execute(first_release, statement)
    assert step.stem in migrate("catalog", first_release)
    assert migrate("catalog", first_release) == []
    # As when it ended before it was noted.
    execute(first_release, "DELETE FROM schema_migrations WHERE name = %s", [step.stem])
    assert migrate("catalog", first_release) == [step.stem]


def test_what_was_kept_by_older_rules_is_kept_by_those_of_today(catalog_db, domain_secrets, list_book, sam):
    volumes = ("3", "3i", "4")
    ids = [list_book(series={"title": "S", "volume": volume}).body["id"] for volume in volumes]
    execute(catalog_db, "UPDATE books SET series_order = '00000031' WHERE id = %s", [ids[1]])
    person = {"name": "Ana Gil", "role": "author", "onix_role": "A29"}
    hebrew = list_book().body["id"]
    execute(
        catalog_db,
        "UPDATE books SET language = 'iw-IL', contributors = %s WHERE id = %s",
        [json.dumps([person, {"name": "Tom Ode", "role": "author"}]), hebrew],
    )
    unknown = list_book().body["id"]
    execute(catalog_db, "UPDATE books SET language = 'xx' WHERE id = %s", [unknown])
    execute(catalog_db, "DELETE FROM search_queue")

    with closing(connect((domain_secrets / "catalog-ddl-db").read_text())) as db:
        execute(db, "DELETE FROM schema_migrations WHERE name = '0009_written_anew'")
        assert migrate("catalog", db) == ["0009_written_anew"]
        queued = fetch_all(db, "SELECT books.id FROM search_queue JOIN books USING (number)")

    assert {row["id"] for row in queued} == {ids[1], hebrew}
    listed = call("list-books", query={"series": "S", "sort": "volume"}).body["items"]
    assert [book["series"]["volume"] for book in listed] == list(volumes)
    (found,) = call("list-books", query={"language": "iw"}).body["items"]
    assert (found["id"], found["language"], found["version"]) == (hebrew, "he-IL", 1)
    assert found["contributors"][0] == person | {"role": "introduction"}
    assert fetch_one(catalog_db, "SELECT language FROM books WHERE id = %s", [unknown]) == {"language": "xx"}


def test_compounds_that_were_listed_before_are_found_in_one_word(catalog_db, domain_secrets, list_book):
    series = {"title": "Middle-earth", "volume": "1"}
    ids = [list_book(title="Catch-22", authors=["Jo Ann-Lee"], series=series).body["id"], list_book().body["id"]]
    words = "author_words, other_words"
    by_today = fetch_one(catalog_db, f"SELECT {words} FROM books WHERE id = %s", [ids[0]])
    for word in ("catch22", "annlee", "middleearth"):
        for column in words.split(", "):
            execute(catalog_db, f"UPDATE books SET {column} = TRIM(REPLACE(CONCAT({column}, ' '), ' {word} ', ' '))")
    execute(catalog_db, "DELETE FROM search_queue")
    assert call("list-books", query={"q": "catch22"}).body["items"] == []

    with closing(connect((domain_secrets / "catalog-ddl-db").read_text())) as db:
        execute(db, "DELETE FROM schema_migrations WHERE name = '0013_compounds'")
        assert migrate("catalog", db) == ["0013_compounds"]
        queued = fetch_all(db, "SELECT books.id FROM search_queue JOIN books USING (number)")

    assert [row["id"] for row in queued] == ids[:1]
    written = fetch_one(catalog_db, f"SELECT {words} FROM books WHERE id = %s", [ids[0]])
    assert {name: sorted(text.split()) for name, text in written.items()} == {
        name: sorted(text.split()) for name, text in by_today.items()
    }
    for query in ({"q": "catch22"}, {"q": "middleearth"}, {"author": "annlee"}):
        (found,) = call("list-books", query=query).body["items"]
        assert (found["id"], found["version"]) == (ids[0], 1)


def test_a_work_that_was_named_by_older_rules_is_found_by_those_of_today(catalog_db, domain_secrets, list_book, sue):
    book = list_book(title="Pride & Prejudice").body
    execute(catalog_db, "UPDATE work_keys SET name = 'named by older rules'")
    with closing(connect((domain_secrets / "catalog-ddl-db").read_text())) as db:
        execute(db, "DELETE FROM schema_migrations WHERE name = '0010_names_of_works'")
        assert migrate("catalog", db) == ["0010_names_of_works"]
    assert list_book(sue, title="Pride and Prejudice").body["work_id"] == book["work_id"]


def test_what_was_sold_before_promises_were_told_from_money_goes_on_counting(catalog_db, list_book, domain_secrets):
    buys(list_book().body, 2)
    execute(catalog_db, "UPDATE sales SET captured_at = NULL, kept = 0")
    with closing(connect((domain_secrets / "catalog-ddl-db").read_text())) as db:
        for statement in statements(next(step for step in steps("catalog") if "captured" in step.stem).read_text()):
            execute(db, statement)
    assert fetch_one(catalog_db, "SELECT captured_at = paid_at AS same FROM sales") == {"same": 1}
