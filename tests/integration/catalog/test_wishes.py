"""Wishes, and who is told of copies: first asked, first told, and never more than there are copies."""

import random
from datetime import timedelta

import pytest

from bookstore.catalog import waiting, wishes
from bookstore.catalog.reader_models import Wishing
from bookstore.catalog.waiting import tell_waiting
from bookstore.database import execute, execute_many, fetch_all, fetch_one
from bookstore.events.envelope import Event
from bookstore.events.payloads import check
from bookstore.identity import User
from tests.handlers import call
from tests.integration.catalog.conftest import token_of
from tests.integration.catalog.market import NEXT_DAY, NOON, buys, restocked, told
from tests.integration.together import together

READERS = [f"reader{number}" for number in range(6)]


@pytest.fixture
def emma(list_book):
    """A book that is sold out."""
    return list_book(stock=0).body


@pytest.fixture
def bea(catalog_db):
    return token_of("bea")


def put(token, work_id, body=None):
    return call("add-wish", body, path=f"/{work_id}", token=token)


def waits(name, book, *, tell_me=True, at=NOON):
    return wishes.wish(book["work_id"], Wishing(tell_me=tell_me), by=User(name, name.title(), "user"), trace="", at=at)


def time_passes(at):
    return tell_waiting(trace="", at=at)


def test_a_wish_is_on_its_readers_list_with_the_best_offer(catalog_db, list_book, emma, bea, sue):
    answer = put(bea, emma["work_id"])
    assert (answer.status, answer.body["tell_me"], answer.body["book"]["id"]) == (200, False, emma["id"])
    other = list_book(sue, price_cents=9900).body
    listed = call("list-wishes", token=bea).body
    assert [(wish["title"], wish["book"]["id"]) for wish in listed["items"]] == [("Emma", other["id"])]
    assert call("list-wishes", token=sue).body["items"] == []
    assert call("list-wishes").status == 401


def test_a_wish_is_made_once_and_stays_when_nobody_offers_the_work(catalog_db, emma, bea, sam):
    first = put(bea, emma["work_id"]).body
    call("delete-book", path=f"/{emma['id']}", token=sam, If_Match="*")
    again = put(bea, emma["work_id"], {"tell_me": True}).body
    assert (again["created_at"], again["tell_me"], "book" in again) == (first["created_at"], True, False)
    assert len(call("list-wishes", token=bea).body["items"]) == 1
    assert put(token_of("bob"), emma["work_id"]).status == 404


def test_a_wish_is_taken_off_once(catalog_db, emma, bea):
    put(bea, emma["work_id"])
    answers = [call("remove-wish", path=f"/{emma['work_id']}", token=bea).status for _ in range(2)]
    assert answers == [204, 404]
    assert call("list-wishes", token=bea).body["items"] == []


def test_wishes_come_page_by_page(catalog_db, list_book, bea):
    titles = [f"Book {number}" for number in range(5)]
    for title in titles:
        put(bea, list_book(title=title).body["work_id"])
    seen, cursor = [], ""
    while cursor is not None:
        page = call("list-wishes", query={"limit": "2"} | ({"cursor": cursor} if cursor else {}), token=bea).body
        seen, cursor = seen + [wish["title"] for wish in page["items"]], page["next_cursor"]
    assert seen == titles[::-1]


def test_a_list_has_an_end(catalog_db, list_book, emma, bea, monkeypatch):
    monkeypatch.setattr(wishes, "MOST", 1)
    put(bea, emma["work_id"])
    assert put(bea, list_book(title="Persuasion").body["work_id"]).status == 409
    assert put(bea, emma["work_id"]).status == 200


def test_a_list_has_its_end_however_many_wishes_are_made_at_once(catalog_db, list_book, bea, monkeypatch):
    monkeypatch.setattr(wishes, "MOST", 3)
    works = [list_book(title=f"Book {number}").body["work_id"] for number in range(20)]
    for _ in range(2):
        statuses = together(20, lambda number: put(bea, works[number]).status)
        kept = [wish["work_id"] for wish in call("list-wishes", token=bea).body["items"]]
        assert len(kept) == 3
        assert sorted(statuses) == [200] * 3 + [409] * 17


@pytest.mark.parametrize("body", [{"tell_me": "yes"}, {"tell_me": None}, {"price": 3}])
def test_a_wish_says_yes_or_no(catalog_db, emma, bea, body):
    assert put(bea, emma["work_id"], body).fields == set(body)
    assert call("list-wishes", token=bea).body["items"] == []


def test_whoever_asked_first_is_told_first(catalog_db, emma):
    for minute, name in enumerate(READERS):
        waits(name, emma, at=NOON + timedelta(minutes=minute))
    restocked(emma, 1, 1, at=NEXT_DAY)
    assert told(catalog_db) == [("reader0", emma["id"])]
    restocked(emma, 3, 2, at=NEXT_DAY)
    assert [name for name, _ in told(catalog_db)] == ["reader0", "reader1", "reader2"]


def test_what_is_told_names_listing_and_price_and_fits_its_type(catalog_db, emma):
    waits("ann", emma)
    restocked(emma, 1, 1)
    row = fetch_one(catalog_db, "SELECT body FROM outbox WHERE type = 'wish.available'")
    event = Event.from_json(row["body"])
    check(event)
    assert event.data == {
        "user_id": "ann",
        "book_id": emma["id"],
        "title": "Emma",
        "price_cents": 1299,
        "currency": "USD",
    }
    assert event.version == 1


def test_events_that_come_again_or_late_tell_nobody_twice(catalog_db, emma):
    for name in READERS:
        waits(name, emma)
    events = [(available, version) for version, available in enumerate((1, 0, 2, 0, 1), start=1)] * 2
    random.Random(3).shuffle(events)
    together(4, lambda number: [restocked(emma, *event) for event in events[number::4]])
    names = [name for name, _ in told(catalog_db)]
    assert len(names) == len(set(names)) <= 2
    restocked(emma, 1, 5)
    assert [name for name, _ in told(catalog_db)] == names


def test_many_who_ask_while_copies_come_are_told_of_each_copy_once(catalog_db, emma):
    def act(number):
        if number < 6:
            waits(READERS[number], emma)
        else:
            restocked(emma, 3, 1)

    together(7, act)
    time_passes(NOON)
    names = [name for name, _ in told(catalog_db)]
    assert len(names) == len(set(names)) == 3


def test_a_copy_that_is_not_bought_is_told_of_to_the_next_after_a_day(catalog_db, emma):
    waits("ann", emma)
    waits("bob", emma, at=NOON + timedelta(minutes=1))
    restocked(emma, 1, 1, at=NOON + timedelta(hours=1))
    assert time_passes(NOON + timedelta(hours=24)) == 0
    assert time_passes(NOON + timedelta(hours=26)) == 1
    assert [name for name, _ in told(catalog_db)] == ["ann", "bob"]
    assert call("tell-waiting").body == {"told": 0}


def test_a_work_that_cannot_be_told_of_does_not_hold_up_the_others(catalog_db, list_book, emma, monkeypatch, caplog):
    others = [emma, list_book(title="Persuasion", stock=0).body, list_book(title="Sanditon", stock=0).body]
    for book in others:
        waits("ann", book)
    execute(catalog_db, "UPDATE books SET stock = 1")
    poison, tell = others[1]["work_id"], waiting.tell

    def told_of(db, work_id, **more):
        if work_id == poison:
            raise ValueError("a title that fits no event")
        return tell(db, work_id, **more)

    with monkeypatch.context() as broken:
        broken.setattr(waiting, "tell", told_of)
        assert time_passes(NOON) == 2
    assert poison in caplog.text
    assert time_passes(NOON) == 1


def test_a_copy_that_was_bought_is_told_of_to_nobody(catalog_db, emma):
    waits("ann", emma)
    waits("bob", emma, at=NOON + timedelta(minutes=1))
    restocked(emma, 1, 1, at=NOON + timedelta(hours=1))
    restocked(emma, 0, 2, at=NOON + timedelta(hours=2))
    buys(emma, buyer="ann", at=NOON + timedelta(hours=2))
    assert time_passes(NOON + timedelta(days=3)) == 0
    restocked(emma, 1, 3, at=NOON + timedelta(days=4))
    assert [name for name, _ in told(catalog_db)] == ["ann", "bob"]


def test_who_takes_the_wish_back_makes_way_for_the_next(catalog_db, emma):
    waits("ann", emma)
    waits("bob", emma, at=NOON + timedelta(minutes=1))
    restocked(emma, 1, 1)
    wishes.unwish(emma["work_id"], by=User("ann", "Ann", "user"), trace="", at=NOON)
    assert [name for name, _ in told(catalog_db)] == ["ann", "bob"]


def test_who_waits_keeps_the_place_and_who_asks_anew_goes_to_the_end(catalog_db, emma):
    waits("ann", emma)
    waits("bob", emma, at=NOON + timedelta(minutes=1))
    waits("ann", emma, at=NOON + timedelta(minutes=2))
    waits("cat", emma, at=NOON + timedelta(minutes=3))
    waits("bob", emma, tell_me=False, at=NOON + timedelta(minutes=4))
    waits("bob", emma, at=NOON + timedelta(minutes=5))
    restocked(emma, 3, 1, at=NOON + timedelta(hours=1))
    assert [name for name, _ in told(catalog_db)] == ["ann", "cat", "bob"]


def test_who_was_told_is_told_again_only_when_they_ask_again(catalog_db, emma):
    waits("ann", emma)
    for version, available in enumerate((1, 0, 1, 0), start=1):
        restocked(emma, available, version, at=NOON)
    assert len(told(catalog_db)) == 1
    assert waits("ann", emma, at=NOON + timedelta(days=2))["tell_me"] is True
    restocked(emma, 1, 5, at=NOON + timedelta(days=2))
    rows = fetch_all(catalog_db, "SELECT body FROM outbox WHERE type = 'wish.available' ORDER BY id")
    assert [Event.from_json(row["body"]).version for row in rows] == [1, 2]


def test_who_asks_while_there_is_a_copy_is_told_at_once(catalog_db, list_book):
    book = list_book(stock=2).body
    answer = waits("ann", book)
    assert (answer["tell_me"], answer["told_at"]) == (False, "2026-03-01T12:00:00.000000Z")
    assert told(catalog_db) == [("ann", book["id"])]


def test_another_sellers_copy_is_as_good(catalog_db, list_book, emma, sue):
    waits("ann", emma)
    other = list_book(sue, condition="good", stock=1).body
    restocked(other, 1, 1)
    assert told(catalog_db) == [("ann", other["id"])]


def test_copies_of_another_work_tell_nobody(catalog_db, list_book, emma):
    waits("ann", emma)
    restocked(list_book(title="Persuasion").body, 5, 1)
    assert told(catalog_db) == []
    assert time_passes(NEXT_DAY) == 0


def test_what_was_bought_leaves_the_list_unless_it_was_wished_for_afterwards(catalog_db, list_book, emma):
    persuasion = list_book(title="Persuasion").body
    waits("ann", emma, tell_me=False)
    waits("ann", persuasion, tell_me=False, at=NOON + timedelta(hours=2))
    for book in (emma, persuasion):
        buys(book, buyer="ann", at=NOON + timedelta(hours=1))
    assert [wish["title"] for wish in call("list-wishes", token=token_of("ann")).body["items"]] == ["Persuasion"]


def test_a_long_queue_is_told_in_pieces(catalog_db, emma):
    execute_many(
        catalog_db,
        "INSERT INTO wishes (id, user_id, work_id, title, asked_at, created_at) VALUES (%s, %s, %s, 'Emma', %s, %s)",
        [(f"w{number:03}", f"u{number:03}", emma["work_id"], NOON, NOON) for number in range(250)],
    )
    restocked(emma, 220, 1)
    assert len(told(catalog_db)) == 100
    assert time_passes(NOON) == 120
    assert [name for name, _ in told(catalog_db)] == [f"u{number:03}" for number in range(220)]
