"""The service answers over HTTP as the index does, and its absence holds nobody up."""

import asyncio
import socket
import threading
import time
from contextlib import contextmanager

import pytest
import requests
from aiohttp import web

from bookstore.catalog.cursors import Cursor
from bookstore.catalog.index.server import application
from bookstore.catalog.index.store import Store
from bookstore.catalog.models import BooksQuery, SuggestionsQuery
from bookstore.catalog.search.fallback import Fallback
from bookstore.catalog.search.index import Found, IndexAway, Suggested
from bookstore.catalog.search.kept import KeptQuery
from bookstore.catalog.search.remote import RemoteIndex
from bookstore.errors import InvalidFields
from tests.unit.catalog.shelf import row


@contextmanager
def serving(store, port=0):
    """The service in a thread; yields its address."""
    loop, runner = asyncio.new_event_loop(), web.AppRunner(application(store), shutdown_timeout=0.1)
    loop.run_until_complete(runner.setup())
    site = web.TCPSite(runner, "127.0.0.1", port)
    loop.run_until_complete(site.start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path)
    made.build([row(1, title="The Hobbit", language="en", subjects=["FM"]), row(2, title="The Silmarillion")])
    return made


@pytest.mark.parametrize(
    "query",
    [
        BooksQuery(q="hobbit", facets=True),
        BooksQuery(q="hobbti"),
        BooksQuery(sort="title", limit=1, in_stock=True),
        BooksQuery(sort="title", cursor=Cursor("title", ("the hobbit",), 1).write()),
        BooksQuery(q="ünï 三体 \U0001f4da"),
    ],
)
def test_an_answer_over_http_is_the_indexs_own(store, query):
    with serving(store) as url:
        assert RemoteIndex(url).find(query) == store.current.find(query)


def test_suggestions_over_http_are_the_indexs_own(store):
    with serving(store) as url:
        asked = SuggestionsQuery(q="the h")
        assert RemoteIndex(url).suggest(asked) == store.current.suggest(asked)
        assert RemoteIndex(url).suggest(asked).items


def test_copies_over_http_are_the_indexs_own(store):
    with serving(store) as url:
        asked = KeptQuery(after=1, last=2)
        assert RemoteIndex(url).kept(asked) == store.current.kept(asked)
        assert len(RemoteIndex(url).kept(asked).copies) == 1


def test_a_cursor_of_another_order_is_refused_before_anybody_is_asked():
    with pytest.raises(InvalidFields):
        RemoteIndex("http://127.0.0.1:1").find(BooksQuery(sort="price", cursor=Cursor("newest", (), 1).write()))


def test_while_the_service_is_away_one_question_in_two_seconds_tries_it():
    now = [100.0]
    with socket.create_server(("127.0.0.1", 0)) as tried:
        tried.settimeout(0.2)
        index = RemoteIndex(f"http://127.0.0.1:{tried.getsockname()[1]}", lambda: now[0], timeout=0.05)
        for moment in (100.0, 100.1, 101.9, 102.5, 104.4):
            now[0] = moment
            with pytest.raises(IndexAway):
                index.find(BooksQuery())
        assert attempts(tried) == 2


def attempts(server):
    count = 0
    try:
        while True:
            server.accept()[0].close()
            count += 1
    except TimeoutError:
        return count


def test_it_is_asked_again_when_it_is_back(store):
    now = [100.0]
    with serving(store) as url:
        index = RemoteIndex(url, lambda: now[0])
        assert index.find(BooksQuery(q="hobbit")).hits
    with pytest.raises(IndexAway):
        index.find(BooksQuery(q="hobbit"))
    with serving(store, int(url.rpartition(":")[2])):
        now[0] += 3
        assert index.find(BooksQuery(q="hobbit")).hits


def test_a_restart_between_two_questions_is_not_noticed(store):
    with serving(store) as url:
        index = RemoteIndex(url)
        index.find(BooksQuery())
    with serving(store, int(url.rpartition(":")[2])):
        assert index.find(BooksQuery(q="hobbit")).hits


def test_a_service_that_does_not_answer_is_away_after_its_time():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        begun = time.monotonic()
        with pytest.raises(IndexAway):
            RemoteIndex(f"http://127.0.0.1:{mute.getsockname()[1]}", timeout=0.2).find(BooksQuery())
        assert time.monotonic() - begun < 1


def test_one_that_stops_answering_on_a_kept_connection_is_not_asked_twice():
    with socket.create_server(("127.0.0.1", 0)) as server:
        index = RemoteIndex(f"http://127.0.0.1:{server.getsockname()[1]}", timeout=0.5)
        answered = threading.Thread(target=answer_once, args=[server])
        answered.start()
        index.find(BooksQuery())
        begun = time.monotonic()
        with pytest.raises(IndexAway):
            index.find(BooksQuery())
        assert 0.4 < time.monotonic() - begun < 0.9
        answered.join()


def answer_once(server):
    body = Found(by="index", hits=[]).model_dump_json().encode()
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        time.sleep(1)


def test_a_service_without_an_index_is_away(tmp_path):
    with serving(Store(tmp_path)) as url, pytest.raises(IndexAway):
        RemoteIndex(url).find(BooksQuery())


def test_another_index_stands_in_for_one_that_is_away():
    class Database:
        def find(self, query):
            return Found(by="database", hits=[])

        def suggest(self, query):
            return Suggested(by="database", items=[])

    index = Fallback(RemoteIndex("http://127.0.0.1:1"), Database())
    assert index.find(BooksQuery(q="a")).by == "database"
    assert index.suggest(SuggestionsQuery(q="a")).by == "database"


def test_the_service_tells_that_it_lives_and_what_it_did(store):
    with serving(store) as url:
        assert requests.get(f"{url}/healthz", timeout=5).ok
        RemoteIndex(url).find(BooksQuery())
        assert "search_seconds_count" in requests.get(f"{url}/metrics", timeout=5).text
        assert requests.post(f"{url}/find", data=b'{"limit": 0}', timeout=5).status_code == 400
