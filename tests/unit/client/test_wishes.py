"""A reader's wish list."""

import pytest

from client.api import Answer, ApiError
from tests.unit.client.fakes import form_of, make_book

LIST, WISH, REMOVE = ("GET", "/users/me/wishes"), ("PUT", "/users/me/wishes/w-b1"), ("DELETE", "/users/me/wishes/w-b1")


def make_wish(work_id="w-b1", **changes):
    return {"work_id": work_id, "title": "Emma", "tell_me": False, "created_at": "2026-01-02T03:04:05Z"} | changes


@pytest.fixture
def reader(signed_in, api):
    api.holds(make_book(), make_book("b2", stock=0))
    api.says[LIST] = Answer({"items": [], "next_cursor": None})
    api.says[WISH] = Answer(make_wish())
    return signed_in


def test_a_book_to_be_had_is_wished_for_and_the_reader_stays_where_they_are(reader, api):
    form = form_of(reader.get("/books/b1").text, "/wishes/w-b1")
    answer = reader.post("/wishes/w-b1", form)
    assert answer.location == "/books/b1"
    assert api.sent(*WISH)[0].body == {"tell_me": False}
    assert "It is on your wish list." in reader.get("/books/b1").text


@pytest.mark.parametrize(("other", "asked"), [(0, True), (2, False)])
def test_only_a_work_of_which_nobody_has_a_copy_is_told_of(reader, api, other, asked):
    offers = [make_book(stock=0), make_book("b3", work_id="w-b1", stock=other)]
    api.holds(*offers)
    page = reader.get("/books/b1").text
    assert ("Tell me when it is back" in page) == asked
    assert ("Put it on your wish list" in page) != asked


def test_sellers_are_not_told_of_their_own_copies(reader, api):
    api.holds(make_book(stock=0, seller={"id": "u1", "name": "Ada Lovelace"}))
    page = reader.get("/books/b1").text
    assert "Edit your book" in page
    assert "/wishes/" not in page


def test_a_reader_who_asked_to_be_told_keeps_the_place_when_wishing_again(reader, api):
    pages = {
        None: Answer({"items": [make_wish("w-b9")], "next_cursor": "c2"}),
        "c2": Answer({"items": [make_wish(tell_me=True)], "next_cursor": None}),
    }
    api.says[LIST] = lambda call: pages[call.query.get("cursor")]
    reader.post("/wishes/w-b1", {"next": "/books/b1"})
    assert not api.sent(*WISH)
    assert "It is on your wish list." in reader.get("/books/b1").text


@pytest.mark.parametrize(("tell_me", "told"), [("1", "We send you a mail"), ("0", "We do not tell you")])
def test_a_reader_is_told_or_left_alone(reader, api, tell_me, told):
    answer = reader.post("/wishes/w-b1", {"tell_me": tell_me})
    assert answer.location == "/wishes"
    assert api.sent(*WISH)[0].body == {"tell_me": tell_me == "1"}
    assert told in reader.get("/wishes").text


def test_a_full_list_says_so(reader, api):
    api.says[WISH] = ApiError(409, "A list holds 1000 wishes at most. Take one off first.")
    assert reader.post("/wishes/w-b1", {"next": "/books/b1"}).location == "/books/b1"
    assert "Take one off first." in reader.get("/books/b1").text


@pytest.mark.parametrize("said", [Answer(None), ApiError(404, "You have no such wish.")])
def test_a_wish_taken_off_is_off(reader, api, said):
    api.says[REMOVE] = said
    assert reader.post("/wishes/w-b1/remove").location == "/wishes"
    assert "It is off your wish list." in reader.get("/wishes").text


@pytest.mark.parametrize(
    ("wish", "present", "absent"),
    [
        ({"book": make_book(stock=5)}, ["In stock", "$10.99", "Remove"], ["tell_me"]),
        ({"book": make_book(stock=0)}, ["Out of stock", "Tell me when it is back"], ["Do not tell me"]),
        ({}, ["Out of stock", "Tell me when it is back"], ["$"]),
        ({"tell_me": True}, ["We send you a mail", "Do not tell me"], ["Tell me when"]),
        ({"book": make_book(), "told_at": "2026-01-02T03:04:05Z"}, ["We told you of a copy on"], ["tell_me"]),
    ],
)
def test_the_list_says_how_each_wish_stands(reader, api, wish, present, absent):
    api.says[LIST] = Answer({"items": [make_wish(**wish)], "next_cursor": "c2"})
    page = reader.get("/wishes").text
    assert all(text in page for text in present)
    assert not any(text in page for text in absent)
    assert 'rel="next" href="/wishes?cursor=c2"' in page


def test_who_is_not_signed_in_is_led_there_and_back(shopper, api):
    api.holds(make_book(stock=0))
    assert '<a href="/sign-in?next=/books/b1">Sign in to be told when it is back</a>' in shopper.get("/books/b1").text
    assert shopper.get("/wishes").location == "/sign-in?next=/wishes"
