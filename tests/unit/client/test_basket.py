"""The basket by itself, and its page."""

from hashlib import blake2s

import pytest

from client.api import ApiError
from client.basket import KEPT_TITLE, Basket, Line, reprice
from tests.unit.client.fakes import make_book

LINE = Line("b1", 2, 1099, "Frankenstein")


def test_a_basket_comes_out_of_its_cookie_as_it_went_in():
    basket = Basket((LINE, Line("b2", 1, 0, "百年孤独 “x”")))
    assert Basket.unpack(basket.pack()) == basket


def test_fifty_lines_fit_into_a_cookie():
    titles = (blake2s(bytes([number])).hexdigest()[:40] for number in range(50))
    lines = [
        Line(f"019ac0{n:02x}-7f00-7{title[:3]}-8{title[3:6]}-{title[6:18]}", 99, 123456, title[:KEPT_TITLE])
        for n, title in enumerate(titles)
    ]
    assert len(Basket(tuple(lines)).pack()) < 4000


@pytest.mark.parametrize("text", ["", "rubbish", "eJw=", "////", "x" * 5000, Basket((LINE,)).pack()[:-12]])
def test_a_cookie_that_was_not_made_here_is_an_empty_basket(text):
    assert Basket.unpack(text) == Basket()


@pytest.mark.parametrize(
    "line", [Line("b", 0, 1, "t"), Line("b", 100, 1, "t"), Line("b", 1, -1, "t"), Line(1, 1, 1, "t")]
)
def test_a_forged_line_is_not_believed(line):
    assert Basket.unpack(Basket((line,)).pack()) == Basket()


def test_a_book_is_added_up_to_its_stock():
    book = make_book(stock=3)
    assert Basket().add(book, 2).add(book, 2).quantity("b1") == 3


def test_a_higher_price_is_told_with_both_prices():
    basket, notices = reprice(Basket((LINE,)), {"b1": make_book(price_cents=1299)})
    assert basket.total_cents == 2 * 1299
    assert notices == ["“Frankenstein”: the price changed from $10.99 to $12.99."]


def test_fewer_copies_reduce_the_quantity_and_say_so():
    basket, notices = reprice(Basket((LINE,)), {"b1": make_book(stock=1)})
    assert basket.quantity("b1") == 1
    assert notices == ["“Frankenstein”: only 1 left, we reduced the quantity from 2."]


@pytest.mark.parametrize(("books", "word"), [({}, "no longer sold"), ({"b1": make_book(stock=0)}, "sold out")])
def test_a_book_that_cannot_be_bought_leaves_the_basket_with_a_notice(books, word):
    basket, notices = reprice(Basket((LINE,)), books)
    assert basket == Basket()
    assert word in notices[0]


def test_an_unchanged_basket_says_nothing():
    assert reprice(Basket((LINE,)), {"b1": make_book()}) == (Basket((LINE,)), [])


def test_a_book_put_in_from_a_list_leads_back_to_its_place_there(shopper, api):
    api.holds(make_book())
    answer = shopper.post("/basket/add", {"book_id": "b1", "next": "/books?q=x"})
    assert (answer.status_code, answer.location) == (303, "/books?q=x#b-b1")
    assert "Basket (1)" in shopper.get("/books").text


def test_the_basket_page_says_once_what_changed(shopper, api):
    api.holds(make_book())
    shopper.post("/basket/add", {"book_id": "b1"})
    api.holds(make_book(price_cents=1299))
    assert "the price changed from $10.99 to $12.99" in shopper.get("/basket").text
    assert "changed" not in shopper.get("/basket").text


def test_quantities_are_changed_and_lines_removed_in_one_form(shopper, api):
    api.holds(make_book("b1"), make_book("b2"))
    for book_id in ("b1", "b2"):
        shopper.post("/basket/add", {"book_id": book_id})
    shopper.post("/basket", {"quantity-b1": "3", "quantity-b2": "2", "remove": "b2"})
    assert Basket.unpack(shopper.cookie("basket")).quantity("b1") == 3
    assert Basket.unpack(shopper.cookie("basket")).count == 3


@pytest.mark.parametrize("typed", ["-1", "1e3", "many", "", "²"])
def test_a_quantity_that_is_no_number_changes_nothing(shopper, api, typed):
    api.holds(make_book())
    shopper.post("/basket/add", {"book_id": "b1"})
    assert shopper.post("/basket", {"quantity-b1": typed}).status_code == 303
    assert Basket.unpack(shopper.cookie("basket")).quantity("b1") == 1


def test_the_basket_is_kept_while_the_catalog_does_not_answer(shopper, api):
    api.holds(make_book())
    shopper.post("/basket/add", {"book_id": "b1"})
    api.says["GET", "/books/b1"] = ApiError(503, "down")
    assert shopper.get("/basket").status_code == 503
    assert Basket.unpack(shopper.cookie("basket")).quantity("b1") == 1


def test_the_basket_survives_signing_in_and_ends_with_signing_out(signed_in, api):
    api.holds(make_book())
    signed_in.post("/basket/add", {"book_id": "b1"})
    signed_in.sign_in()
    assert "Basket (1)" in signed_in.get("/help").text
    signed_in.post("/sign-out")
    assert "Basket (" not in signed_in.get("/help").text
