"""Lists, a book's page, and what every page has."""

import gzip
import json
import re
from dataclasses import replace
from io import StringIO

import pytest

from client.api import Answer, ApiError
from tests.unit.client.fakes import make_book

PUBLIC = [
    "/",
    "/books",
    "/books/b1",
    "/books/b1/reviews",
    "/basket",
    "/sign-in",
    "/register",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/help",
    "/nothing",
]
FORMS = [
    "/basket/add",
    "/basket",
    "/sign-in",
    "/sign-out",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/account/verification",
    "/account/password",
    "/account/sessions/s1/end",
    "/account/addresses/new",
    "/account/addresses/a1",
    "/account/addresses/a1/delete",
    "/checkout",
    "/theme",
    "/orders/o1/pay",
    "/orders/o1/tracking",
    "/books/b1/review",
    "/books/b1/review/withdraw",
    "/reviews/r1/report",
    "/wishes/w1",
    "/wishes/w1/remove",
]


@pytest.fixture(autouse=True)
def catalog(api):
    api.holds(make_book(), make_book("b2", stock=0))
    api.says["GET", "/works/w-b1/reviews"] = Answer({"items": [], "next_cursor": None})


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_has_one_heading_one_main_and_a_way_to_skip_to_it(shopper, path):
    page = shopper.get(path).text
    assert page.count("<h1") == page.count("<main") == 1
    assert page.index('href="#main"') < page.index("<header")
    assert '<html lang="en"' in page


@pytest.mark.parametrize("path", PUBLIC)
def test_no_page_needs_what_the_policy_forbids(shopper, path):
    answer = shopper.get(path)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script>", answer.text)


def test_what_sellers_type_is_only_text(shopper, api):
    evil = "<script>alert(1)</script>"
    api.holds(make_book(title=evil, description=evil, contributors=[{"name": evil, "role": evil}]))
    for path in ("/", "/books", "/books/b1"):
        assert evil not in shopper.get(path).text


def test_the_search_goes_to_the_api_in_its_terms(shopper, api):
    shopper.get("/books?q=+emma+&min_price=5&max_price=10.50&in_stock=1&sort=price&language=&unknown=1")
    expected = {"q": "emma", "min_price": 500, "max_price": 1050, "in_stock": "true", "sort": "price", "limit": 24}
    assert api.sent("GET", "/books")[-1].query == expected


def test_every_filter_can_be_lifted_alone(shopper):
    page = shopper.get("/books?q=emma&in_stock=1&max_price=9").text
    assert 'href="/books?q=emma&amp;max_price=9"' in page
    assert 'href="/books?q=emma&amp;in_stock=1"' in page


@pytest.mark.parametrize(
    ("told", "link"),
    [
        ({"did_you_mean": "emma"}, '<a href="/books?q=emma&amp;author=austne&amp;in_stock=1">emma</a>'),
        ({"did_you_mean_author": "austen"}, '<a href="/books?q=emna&amp;author=austen&amp;in_stock=1">austen</a>'),
    ],
)
def test_what_was_probably_meant_is_a_link_that_keeps_the_filters(shopper, api, told, link):
    api.says["GET", "/books"] = Answer({"items": [], "next_cursor": None, **told})
    page = shopper.get("/books?q=emna&author=austne&in_stock=1").text
    assert f"<p>Did you mean {link}?</p>" in page
    assert page.count("Did you mean") == 1


def test_nothing_is_asked_where_nothing_else_was_meant(shopper):
    assert "Did you mean" not in shopper.get("/books?q=emma&author=austen").text


def test_the_next_page_keeps_the_filters(shopper, api):
    api.says["GET", "/books"] = Answer({"items": [make_book()], "next_cursor": "c2"})
    assert 'rel="next" href="/books?cursor=c2&amp;q=emma"' in shopper.get("/books?q=emma").text


def test_a_shop_in_yen_has_no_hundredths(shopper, shop, api):
    shop.extensions["settings"] = replace(shop.extensions["settings"], currency="JPY")
    api.holds(make_book(currency="JPY"), make_book("b2", currency="JPY"))
    page = shopper.get("/books/b1").text
    assert "JPY\xa01,099" in page
    assert '"price": "1099"' in page
    shopper.get("/books?max_price=1500")
    assert api.sent("GET", "/books")[-1].query["max_price"] == 1500


def test_a_wrong_price_is_told_at_its_field(shopper, api):
    answer = shopper.get("/books?min_price=cheap")
    assert answer.status_code == 400
    assert '<a href="#f-min_price">' in answer.text


def test_a_page_that_is_none_leads_to_the_first_with_the_same_filters(shopper, api):
    api.says["GET", "/books"] = ApiError(400, "Not valid: cursor.", {"cursor": "is not a cursor"})
    assert shopper.get("/books?cursor=zzz&in_stock=1").location == "/books?in_stock=1"


def test_a_page_goes_out_compressed_to_browsers_that_take_it(shopper):
    plain = shopper.get("/books", headers={"Accept-Encoding": "identity"})
    packed = shopper.get("/books", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.vary
    assert len(packed.data) < len(plain.data) / 2
    assert "Title of b1" in gzip.decompress(packed.data).decode()


def test_an_equal_page_is_never_equally_long(shopper):
    lengths = {len(shopper.get("/books", headers={"Accept-Encoding": "gzip"}).data) for _ in range(20)}
    assert len(lengths) > 5


def test_an_empty_shop_asks_for_the_first_book(shopper, api):
    api.says["GET", "/books"] = Answer({"items": [], "next_cursor": None})
    assert "Sell the first one" in shopper.get("/").text


def test_a_book_shows_the_other_offers_of_its_work(shopper, api):
    other = make_book("b3", work_id="w-b1", price_cents=650, condition="good")
    api.says["GET", "/books"] = Answer({"items": [make_book(), other], "next_cursor": None})
    page = shopper.get("/books/b1").text
    assert api.sent("GET", "/books")[0].query["work"] == "w-b1"
    assert "Other offers" in page
    assert "$6.50" in page


def test_a_book_that_is_sold_out_cannot_be_put_in_the_basket(shopper):
    page = shopper.get("/books/b2").text
    assert "Out of stock" in page
    assert 'name="quantity"' not in page


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ApiError(404, "x"), 404, "This page is not here"),
        (ApiError(403, "x"), 404, "This page is not here"),
        (ApiError(429, "x", retry_after=7), 429, "Try again in 7 seconds"),
        (ApiError(503, "x"), 503, "your basket is safe"),
        (ApiError(500, "x"), 503, "your basket is safe"),
    ],
)
def test_what_the_api_cannot_do_has_a_page_of_its_own(shopper, api, error, status, words):
    api.says["GET", "/books/b1"] = error
    answer = shopper.get("/books/b1")
    assert answer.status_code == status
    assert words in answer.text


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_its_token_does_nothing(shopper, api, path):
    answer = shopper.browser.post(path, data={"book_id": "b1"})
    assert answer.status_code == 400
    assert "no longer good" in answer.text
    assert not api.calls


def test_the_chosen_look_stays(shopper):
    assert "data-theme" not in shopper.get("/help").text
    assert shopper.post("/theme", {"theme": "dark", "next": "/help"}).location == "/help"
    assert 'data-theme="dark"' in shopper.get("/help").text
    shopper.post("/theme", {"theme": ""})
    assert "data-theme" not in shopper.get("/help").text


def test_the_style_sheet_is_small_and_kept_for_good(shopper):
    path = re.search(r'href="(/static/[^"]+\.css)"', shopper.get("/help").text).group(1)
    answer = shopper.get(path, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) <= 8 * 1024
    assert shopper.get(path.replace("/static/", "/static/0")).status_code == 404


def test_pages_of_signed_in_shoppers_are_stored_nowhere(signed_in):
    assert signed_in.get("/help").headers["Cache-Control"] == "no-store"


def test_the_shop_is_healthy_without_the_api(shopper, api):
    assert shopper.get("/healthz").text == "ok\n"
    assert not api.calls


def test_a_wrong_method_says_which_are_right(shopper):
    answer = shopper.get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_bug_has_a_page_with_the_id_that_its_log_line_has(shop, shopper, api):
    log = StringIO()
    shop.logger.handlers[0].setStream(log)
    api.says["GET", "/books/b1"] = Answer({})
    answer = shopper.get("/books/b1?card=4242", headers={"X-Call-Id": "id-7"})
    assert answer.status_code == 500
    assert "id-7" in answer.text
    line = json.loads(log.getvalue())
    assert (line["request_id"], line["path"], line["level"]) == ("id-7", "/books/b1", "error")
    assert "KeyError" in line["error"]
    assert "4242" not in json.dumps(line)


def test_no_book_stands_twice_on_the_home_page(shopper):
    page = shopper.get("/").text
    assert page.count('id="b-b1"') == page.count('id="b-b2"') == 1
