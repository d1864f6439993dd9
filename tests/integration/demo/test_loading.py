"""The demo catalog is loaded once, as if its sellers had listed it."""

from bookstore.database import fetch_all, fetch_one
from bookstore.demo.loader import load
from bookstore.events.payloads import check
from tests.handlers import call
from tests.integration.outbox import told
from tests.integration.together import together


def count(db, table):
    return fetch_one(db, f"SELECT COUNT(*) AS n FROM {table}")["n"]


def test_the_demo_is_loaded_with_an_event_for_each_book(accounts_db, catalog_db):
    loaded = load()
    assert loaded == count(catalog_db, "books") >= 300
    events = told(catalog_db)
    assert len(events) == loaded
    for event in events:
        check(event)
    assert {event.type for event in events} == {"book.created"}


def test_the_demo_is_loaded_once_and_what_was_deleted_stays_deleted(accounts_db, catalog_db):
    counts = together(3, lambda _: load())
    assert sorted(counts)[:2] == [0, 0]
    with catalog_db.cursor() as cursor:
        cursor.execute("DELETE FROM books")
    assert load() == 0
    assert count(catalog_db, "books") == 0


def test_nobody_signs_in_as_a_seller_of_the_demo(accounts_db, catalog_db):
    load()
    for row in fetch_all(accounts_db, "SELECT email FROM users"):
        assert call("login", {"email": row["email"], "password": "!"}).status == 401


def test_a_book_of_the_demo_is_found(accounts_db, catalog_db):
    load()
    found = call("list-books", query={"q": "pride and prejudice"}).body["items"]
    assert found[0]["title"] == "Pride and Prejudice"
    assert found[0]["contributors"] == [{"name": "Jane Austen", "role": "author"}]
