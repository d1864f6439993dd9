"""A seller's books."""

from dataclasses import replace

import pytest

from client.api import Answer, ApiError
from tests.unit.client.fakes import field_of, make_book, make_order

MINE = {"id": "u1", "name": "Ada Lovelace"}
TYPED = {
    "title": "Frankenstein",
    "people": "Mary Shelley\nEdith Grossman (translator)",
    "price": "10.99",
    "stock": "4",
    "condition": "new",
}


@pytest.fixture
def seller(signed_in, api):
    api.holds(make_book(seller=MINE))
    return signed_in


def test_a_typed_book_goes_to_the_api_in_its_terms(seller, api):
    api.says["POST", "/books"] = Answer(make_book("b7"))
    answer = seller.post("/selling/books/new", TYPED | {"series_title": "Gothic", "subjects": "FBC, FK"})
    assert answer.location == "/books/b7"
    assert api.sent("POST", "/books")[0].body == {
        "title": "Frankenstein",
        "contributors": [
            {"name": "Mary Shelley", "role": "author"},
            {"name": "Edith Grossman", "role": "translator"},
        ],
        "price_cents": 1099,
        "stock": 4,
        "condition": "new",
        "subjects": ["FBC", "FK"],
        "series": {"title": "Gothic"},
    }


@pytest.mark.parametrize(("currency", "shown"), [("JPY", "1099"), ("KWD", "1.099")])
def test_a_price_is_shown_and_read_with_the_decimals_of_its_currency(seller, shop, api, currency, shown):
    shop.extensions["settings"] = replace(shop.extensions["settings"], currency=currency)
    api.holds(make_book(seller=MINE, currency=currency))
    api.says["PUT", "/books/b1"] = Answer(make_book())
    page = seller.get("/selling/books/b1/edit").text
    assert field_of(page, "price") == shown
    seller.post("/selling/books/b1/edit", TYPED | {"etag": field_of(page, "etag"), "price": shown})
    assert api.sent("PUT", "/books/b1")[0].body["price_cents"] == 1099


def test_a_description_in_html_stays_html_when_the_book_is_edited(seller, api):
    api.holds(make_book(seller=MINE, description="<p>a</p>", description_format="html"))
    api.says["PUT", "/books/b1"] = Answer(make_book())
    page = seller.get("/selling/books/b1/edit").text
    kept = {name: field_of(page, name) for name in ("etag", "description_format")}
    seller.post("/selling/books/b1/edit", TYPED | kept | {"description": "<p>b</p>"})
    body = api.sent("PUT", "/books/b1")[0].body
    assert (body["description"], body["description_format"]) == ("<p>b</p>", "html")


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(seller, api):
    page = seller.post("/selling/books/new", TYPED | {"title": "", "price": "cheap", "stock": "-1"}).text
    for message in ("Enter the title.", "Write the amount like 10.99.", "Enter a whole number."):
        assert message in page
    assert field_of(page, "price") == "cheap"
    assert not api.sent("POST", "/books")


def test_the_apis_names_are_found_in_the_form(seller, api):
    api.says["POST", "/books"] = ApiError(400, "Not valid", {"isbn13": "has a wrong check digit", "price_cents": "x"})
    page = seller.post("/selling/books/new", TYPED | {"isbn13": "9780000000000"}).text
    assert '<a href="#f-isbn13">This has a wrong check digit.</a>' in page
    assert '<a href="#f-price">X.</a>' in page


def test_editing_sends_the_version_that_was_shown(seller, api):
    api.says["PUT", "/books/b1"] = Answer(make_book())
    page = seller.get("/selling/books/b1/edit").text
    answer = seller.post("/selling/books/b1/edit", TYPED | {"etag": field_of(page, "etag")})
    assert answer.location == "/selling/books"
    assert api.sent("PUT", "/books/b1")[0].if_match == '"1-5"'


def test_a_book_that_changed_meanwhile_is_shown_in_both_versions(seller, api):
    api.says["PUT", "/books/b1"] = ApiError(412, "stale")
    api.holds(make_book(seller=MINE, version=2, title="Their title", price_cents=999))
    answer = seller.post("/selling/books/b1/edit", TYPED | {"etag": '"1-5"'})
    assert answer.status_code == 412
    for text in ("Frankenstein", "Their title", "10.99", "9.99"):
        assert f'<td dir="auto">{text}</td>' in answer.text
    assert field_of(answer.text, "etag") == '"2-5"'
    assert field_of(answer.text, "title") == "Frankenstein"


def test_anothers_book_cannot_be_edited(seller, api):
    api.holds(make_book("b2"))
    assert seller.get("/selling/books/b2/edit").status_code == 404
    assert seller.get("/selling/books/b2/delete").status_code == 404


def test_deleting_asks_first_and_sends_the_version_that_was_shown(seller, api):
    api.says["DELETE", "/books/b1"] = Answer(None)
    page = seller.get("/selling/books/b1/delete").text
    assert not api.sent("DELETE", "/books/b1")
    seller.post("/selling/books/b1/delete", {"etag": field_of(page, "etag")})
    assert api.sent("DELETE", "/books/b1")[0].if_match == '"1-5"'


def test_a_book_deleted_twice_is_deleted(seller, api):
    api.says["DELETE", "/books/b1"] = ApiError(404, "Not found.")
    assert seller.post("/selling/books/b1/delete", {"etag": '"1-5"'}).location == "/selling/books"


@pytest.mark.parametrize("error", [ApiError(503, "down"), ApiError(413, "Too large."), ApiError(429, "x", None, 3)])
def test_a_book_that_cannot_be_saved_now_leaves_what_was_typed(seller, api, error):
    api.says["POST", "/books"] = error
    page = seller.post("/selling/books/new", TYPED).text
    assert field_of(page, "title") == TYPED["title"]
    assert 'role="alert"' in page


def test_orders_to_ship_come_first_the_oldest_on_top(signed_in, api):
    shipments = [{"seller_id": "u1", "status": "open", "tracking": None, "at": "2026-01-02T03:04:05Z"}]
    orders = [
        make_order(id="newest-aaaaaaaa", status="paid", shipments=shipments),
        make_order(id="done-bbbbbbbb", status="cancelled", shipments=shipments),
        make_order(id="oldest-cccccccc", status="paid", shipments=shipments),
    ]
    api.says["GET", "/orders"] = Answer({"items": orders, "next_cursor": None})
    page = signed_in.get("/selling/orders").text
    assert page.index("CCCCCCCC") < page.index("AAAAAAAA") < page.index("BBBBBBBB")
    assert page.count("Mark as shipped") == 2
