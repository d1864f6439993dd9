"""The search service as its own process: it follows the database, and nothing that befalls it is lost or seen."""

import shutil
import signal
import time
from contextlib import closing

import pymysql
import pytest

from bookstore.catalog.search import fallback
from bookstore.database import connect, execute, fetch_all, fetch_one
from bookstore.secrets import secret
from tests.handlers import call
from tests.integration.events.servers import eventually
from tests.integration.search_service import Service


@pytest.fixture
def service(catalog_db, tmp_path, monkeypatch):
    made = Service(tmp_path)
    monkeypatch.setenv("SEARCH_URL", made.url)
    fallback.search_index.cache_clear()
    made.start()
    yield made
    if made.process.poll() is None:
        made.end(signal.SIGKILL)
    fallback.search_index.cache_clear()


def ask(**query):
    return call("list-books", query={name: str(value) for name, value in query.items()})


def found(**query):
    """How many books the service finds; None while somebody else answers."""
    answer = ask(**query, facets="true")
    return answer.body["total"]["count"] if answer.headers["X-Answered-By"] == "index" else None


def caught_up(service):
    eventually(lambda: service.metric("search_waiting_changes") == 0 and found(q="emma") is not None)


def test_a_book_is_found_two_seconds_after_its_creation_and_gone_five_after_its_deletion(service, list_book, sam):
    caught_up(service)
    book = list_book(title="Emma in Bath").body
    eventually(lambda: found(q="bath") == 1, within=2)
    changed = {"title": "Emma in Paris", "authors": ["Jane Austen"], "price_cents": 5, "stock": 10}
    call("update-book", changed, path=f"/{book['id']}", token=sam, If_Match='"1-10"')
    eventually(lambda: (found(q="paris"), found(q="bath"), found(max_price=5)) == (1, 0, 1), within=2)
    call("delete-book", path=f"/{book['id']}", token=sam, If_Match="*")
    eventually(lambda: found(q="paris") == 0, within=5)


def test_sales_and_empty_shelves_reach_the_index(service, list_book, catalog_db):
    emma, other = list_book().body, list_book(title="Emma once more").body
    caught_up(service)
    execute(catalog_db, "UPDATE books SET sold = 3 WHERE id = %s", [emma["id"]])
    eventually(lambda: ask(q="emma", sort="bestselling").body["items"][0]["id"] == emma["id"])
    execute(catalog_db, "UPDATE books SET stock = 0 WHERE id = %s", [other["id"]])
    eventually(lambda: found(q="emma", in_stock="true") == 1)


def test_what_does_not_concern_the_index_is_not_queued(catalog_db, list_book):
    book = list_book(stock=5).body
    execute(catalog_db, "DELETE FROM search_queue")
    execute(catalog_db, "UPDATE books SET stock = 4, stock_version = 1 WHERE id = %s", [book["id"]])
    assert fetch_all(catalog_db, "SELECT * FROM search_queue") == []
    execute(catalog_db, "UPDATE books SET stock = 0, stock_version = 2 WHERE id = %s", [book["id"]])
    assert len(fetch_all(catalog_db, "SELECT * FROM search_queue")) == 1


def test_changes_made_while_it_was_dead_are_taken_in_without_building_anew(service, list_book):
    list_book()
    caught_up(service)
    service.end(signal.SIGKILL)
    list_book(title="Emma returns")
    assert ask(q="returns").body["items"]
    service.start()
    eventually(lambda: found(q="returns") == 1)
    assert found(q="emma") == 2
    assert service.metric("search_builds_total") == 0


def test_it_ends_in_order_when_told_to(service):
    caught_up(service)
    assert service.end() == 0


def test_changes_that_it_took_in_before_it_died_are_taken_in_again_to_no_effect(service, list_book, catalog_db):
    list_book()
    caught_up(service)
    number = fetch_one(catalog_db, "SELECT number FROM books")["number"]
    execute(catalog_db, "INSERT INTO search_queue (number) VALUES (%s), (%s), (%s)", [number, number, 12345])
    eventually(lambda: not fetch_all(catalog_db, "SELECT * FROM search_queue"))
    assert found(q="emma") == 1


@pytest.mark.parametrize("harm", [shutil.rmtree, lambda folder: [path.write_bytes(b"") for path in files_of(folder)]])
def test_an_index_that_is_gone_or_broken_is_built_anew(service, list_book, harm):
    list_book()
    caught_up(service)
    service.end(signal.SIGKILL)
    harm(service.folder)
    service.start()
    eventually(lambda: found(q="emma") == 1)
    assert service.metric("search_builds_total") == 1


def files_of(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_index_of_another_database_is_built_anew(service, list_book, catalog_db):
    for _ in range(3):
        list_book()
    caught_up(service)
    service.end()
    # As when an older copy of the database is put back.
    execute(catalog_db, "DELETE FROM books LIMIT 2")
    execute(catalog_db, "DELETE FROM search_queue")
    service.start()
    eventually(lambda: found(q="emma") == 1)


def test_while_it_does_not_answer_the_database_does_and_says_so(service, list_book):
    list_book()
    caught_up(service)
    service.process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    for _ in range(5):
        answer = ask(q="emma")
        assert (len(answer.body["items"]), answer.headers["X-Answered-By"]) == (1, "database")
    assert time.monotonic() - begun < 5
    service.process.send_signal(signal.SIGCONT)
    eventually(lambda: found(q="emma") == 1)


def test_it_comes_back_to_a_database_that_had_gone_away(service, list_book):
    list_book()
    caught_up(service)
    # Anybody may end connections of their own.
    with closing(connect(secret("catalog-search-db"))) as db:
        mine = fetch_one(db, "SELECT CONNECTION_ID() AS id")["id"]
        others = fetch_all(db, "SELECT id FROM information_schema.processlist WHERE id <> %s", [mine])
        assert others
        for other in others:
            execute(db, f"KILL {other['id']}")
    list_book(title="Emma returns")
    eventually(lambda: found(q="returns") == 1)


def test_it_may_read_books_and_empty_its_queue_and_nothing_else(catalog_db):
    with closing(connect(secret("catalog-search-db"))) as db:
        assert fetch_all(db, "SELECT id FROM books") == []
        assert execute(db, "DELETE FROM search_queue WHERE id = 0") == 0
        for refused in ("DELETE FROM books", "UPDATE books SET stock = 1", "SELECT * FROM outbox"):
            with pytest.raises(pymysql.err.OperationalError, match="denied"):
                execute(db, refused)


def test_books_that_come_and_go_while_somebody_pages_leave_the_others_in_place(service, list_book, sam):
    stay = {list_book(title=f"Emma {number}").body["id"] for number in range(12)}
    caught_up(service)
    shown, cursor = [], {}
    while True:
        page = ask(q="emma", limit=2, **cursor).body
        shown += [book["id"] for book in page["items"]]
        gone = list_book(title="Emma for a moment").body
        caught_up(service)
        call("delete-book", path=f"/{gone['id']}", token=sam, If_Match="*")
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert sorted(shown) == sorted(stay)
