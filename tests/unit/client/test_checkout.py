"""Ordering and paying: every answer of the API leads somewhere sensible, and nothing is bought twice."""

import pytest

from client.api import Answer, ApiError
from client.basket import Basket
from tests.unit.client.fakes import field_of, form_of, make_book, make_order

PICKUP = {"delivery": "pickup", "payment": "cash_on_delivery"}
CARD = {
    "delivery": "pickup",
    "payment": "card",
    "card_number": "4242 4242 4242 4242",
    "card_expiry": "12/39",
    "card_cvc": "123",
    "card_name": "Ada Lovelace",
}


@pytest.fixture
def buyer(signed_in, api):
    """Somebody with a book in the basket, before an API that takes orders and payments."""
    api.holds(make_book())
    api.says["GET", "/orders"] = Answer({"items": [], "next_cursor": None})
    api.says["GET", "/orders/o1"] = Answer(make_order())
    api.says["POST", "/orders"] = Answer(make_order())
    api.says["POST", "/orders/o1/pay"] = Answer(make_order(status="paid"))
    signed_in.post("/basket/add", {"book_id": "b1"})
    return signed_in


def send(buyer, fields):
    """Fill in the checkout and send it."""
    page = buyer.get("/checkout").text
    hidden = {name: field_of(page, name) for name in ("key", "pay_key", "lines")}
    return buyer.post("/checkout", hidden | fields)


def test_the_checkout_asks_who_is_not_signed_in_to_do_so(shopper):
    assert shopper.get("/checkout").location == "/sign-in?next=/checkout"


def test_an_order_is_placed_and_paid_in_one_go(buyer, api):
    answer = send(buyer, CARD)
    assert (answer.status_code, answer.location) == (303, "/orders/o1")
    placed, paid = api.sent("POST", "/orders")[0], api.sent("POST", "/orders/o1/pay")[0]
    assert placed.body == {
        "items": [{"book_id": "b1", "quantity": 1, "price_cents": 1099}],
        "delivery": {"method": "pickup"},
    }
    assert paid.body["card"] == {"number": "4242424242424242", "expiry": "12/39", "cvc": "123", "name": "Ada Lovelace"}
    assert placed.key
    assert paid.key
    assert placed.key != paid.key


def test_what_was_ordered_leaves_the_basket(buyer):
    send(buyer, PICKUP)
    assert Basket.unpack(buyer.cookie("basket")) == Basket()


def test_every_view_of_the_form_has_a_key_of_its_own(buyer):
    assert field_of(buyer.get("/checkout").text, "key") != field_of(buyer.get("/checkout").text, "key")


def test_a_form_sent_twice_sends_the_same_order_under_the_same_key(buyer, api):
    page = buyer.get("/checkout").text
    form = PICKUP | {name: field_of(page, name) for name in ("key", "pay_key", "lines")}
    first, second = buyer.post("/checkout", form), buyer.post("/checkout", form)
    assert first.location == second.location == "/orders/o1"
    assert api.sent("POST", "/orders")[0] == api.sent("POST", "/orders")[1]


def test_nothing_is_ordered_for_a_mistyped_card(buyer, api):
    answer = send(buyer, CARD | {"card_number": "4242 4242 4242 4241", "card_cvc": "12"})
    assert answer.status_code == 400
    assert "A digit of the card number is wrong" in answer.text
    assert "Enter the security code" in answer.text
    assert not api.sent("POST", "/orders")


def test_a_form_shown_again_keeps_everything_but_the_cards_number_and_code(buyer):
    page = send(buyer, CARD | {"card_number": "5555 5555 5555 4441", "card_cvc": "987"}).text
    assert "5555" not in page
    assert field_of(page, "card_cvc") == ""
    assert field_of(page, "card_name") == "Ada Lovelace"
    assert field_of(page, "card_expiry") == "12/39"


def test_delivery_needs_an_address_and_pickup_does_not(buyer, api):
    answer = send(buyer, PICKUP | {"delivery": "standard", "name": "Ada"})
    assert answer.status_code == 400
    for message in ("Enter the street", "Enter the town", "Enter the country"):
        assert message in answer.text
    assert send(buyer, PICKUP).status_code == 303


@pytest.mark.parametrize("expiry", ["12/39", "1239", "12 / 39", "12/2039"])
def test_an_expiry_date_is_understood_as_people_write_it(buyer, api, expiry):
    send(buyer, CARD | {"card_expiry": expiry})
    assert api.sent("POST", "/orders/o1/pay")[0].body["card"]["expiry"] == "12/39"


@pytest.mark.parametrize("expiry", ["13/39", "01/20", "soon", ""])
def test_a_card_that_is_past_or_unreadable_is_not_tried(buyer, api, expiry):
    assert send(buyer, CARD | {"card_expiry": expiry}).status_code == 400
    assert not api.sent("POST", "/orders")


def test_a_declined_card_leads_to_paying_again_with_what_was_typed(buyer, api):
    api.says["POST", "/orders/o1/pay"] = ApiError(402, "The card was declined.")
    answer = send(buyer, CARD)
    assert answer.location == "/orders/o1/pay"
    page = buyer.get(answer.location).text
    assert "The card was declined. You were not charged, and we still hold your books." in page
    assert field_of(page, "card_name") == "Ada Lovelace"
    assert field_of(page, "card_number") == ""
    assert field_of(page, "pay_key") != api.sent("POST", "/orders/o1/pay")[0].key


def test_a_payment_without_an_answer_is_tried_again_under_the_same_key(buyer, api):
    api.says["POST", "/orders/o1/pay"] = ApiError(503, "no answer")
    answer = send(buyer, CARD)
    page = buyer.get(answer.location).text
    assert "you will not be charged twice" in page
    assert field_of(page, "pay_key") == api.sent("POST", "/orders/o1/pay")[0].key


def test_an_order_without_an_answer_is_sent_again_under_the_same_key(buyer, api):
    api.says["POST", "/orders"] = ApiError(503, "no answer")
    answer = send(buyer, PICKUP)
    assert answer.status_code == 503
    assert field_of(answer.text, "key") == api.sent("POST", "/orders")[0].key
    assert Basket.unpack(buyer.cookie("basket")).count == 1


def test_after_a_definite_refusal_the_form_has_a_new_key(buyer, api):
    api.says["POST", "/orders"] = ApiError(409, "“Title of b1” costs more now.")
    api.holds(make_book(price_cents=1299))
    page = buyer.get("/checkout").text
    api.holds(make_book(price_cents=1499))
    hidden = {name: field_of(page, name) for name in ("key", "pay_key", "lines")}
    answer = buyer.post("/checkout", hidden | PICKUP)
    assert answer.status_code == 409
    assert field_of(answer.text, "key") != hidden["key"]
    assert "the price changed from $12.99 to $14.99" in answer.text


def test_the_apis_messages_about_the_address_stand_at_its_fields(buyer, api):
    api.says["POST", "/orders"] = ApiError(400, "Not valid", {"delivery.address.city": "must not be blank"})
    address = {"name": "Ada", "line1": "x", "city": "y", "country": "z"}
    answer = send(buyer, PICKUP | address | {"delivery": "express"})
    assert '<a href="#f-city">This must not be blank.</a>' in answer.text


def test_a_total_that_differs_from_the_one_shown_is_not_paid_unseen(buyer, api):
    api.says["POST", "/orders"] = Answer(make_order(total_cents=1500))
    answer = send(buyer, CARD)
    assert answer.location == "/orders/o1/pay"
    assert not api.sent("POST", "/orders/o1/pay")
    assert "differs from the one you saw" in buyer.get(answer.location).text


def test_the_last_address_is_filled_in(buyer, api):
    address = {"name": "Ada L.", "line1": "Calle 1", "line2": None, "city": "Bogotá", "country": "Colombia"}
    order = make_order(delivery={"method": "standard", "address": address})
    api.says["GET", "/orders"] = Answer({"items": [make_order(), order], "next_cursor": None})
    page = buyer.get("/checkout").text
    assert field_of(page, "city") == "Bogotá"
    assert field_of(page, "name") == "Ada L."


def test_an_order_that_no_longer_waits_cannot_be_paid(buyer, api):
    api.says["GET", "/orders/o1"] = Answer(make_order(status="expired"))
    assert buyer.get("/orders/o1/pay").location == "/orders/o1"


def test_a_refused_payment_leads_to_the_order_with_the_reason(buyer, api):
    api.says["POST", "/orders/o1/pay"] = ApiError(409, "The order has expired.")
    assert send(buyer, CARD).location == "/orders/o1"
    assert "The order has expired." in buyer.get("/orders/o1").text


def test_a_key_that_the_api_refuses_is_not_kept(buyer, api):
    api.says["POST", "/orders/o1/pay"] = ApiError(503, "no answer")
    page = buyer.get(send(buyer, CARD).location).text
    api.says["POST", "/orders/o1/pay"] = ApiError(422, "This key belongs to another payment.")
    key = field_of(page, "pay_key")
    assert buyer.post("/orders/o1/pay", CARD | {"pay_key": key}).location == "/orders/o1"
    assert field_of(buyer.get("/orders/o1/pay").text, "pay_key") != key


ADDRESSES = ("GET", "/users/me/addresses")
TYPED = {"name": "Ada L.", "line1": "Calle 1", "city": "Bogotá", "country": "Colombia"}
STANDARD = PICKUP | {"delivery": "standard"}


@pytest.fixture
def resident(buyer, api):
    """A buyer with a saved address."""
    api.says[ADDRESSES] = Answer({"items": [{"id": "a1", "created_at": "x", **TYPED}], "next_cursor": None})
    api.says["POST", "/users/me/addresses"] = Answer({"id": "a2", **TYPED})
    api.says["POST", "/orders"] = Answer(make_order(total_cents=1099 + 399))
    return buyer


def test_a_saved_address_is_chosen_before_all_others(resident, api):
    form = form_of(resident.get("/checkout").text, "/checkout")
    assert form["address_id"] == "a1"
    assert "Ada L., Calle 1, Bogotá, Colombia" in resident.get("/checkout").text
    assert resident.post("/checkout", form | STANDARD).location == "/orders/o1"
    assert api.sent("POST", "/orders")[0].body["delivery"] == {"method": "standard", "address_id": "a1"}
    assert not api.sent("POST", "/users/me/addresses")


def test_another_address_is_typed_and_kept_for_the_next_time(resident, api):
    other = TYPED | {"address_id": "", "line1": "Calle 2", "save_address": "1"}
    assert send(resident, STANDARD | other).location == "/orders/o1"
    typed = TYPED | {"line1": "Calle 2"}
    assert api.sent("POST", "/orders")[0].body["delivery"] == {"method": "standard", "address": typed}
    assert api.sent("POST", "/users/me/addresses")[0].body == typed


@pytest.mark.parametrize("fields", [{}, {"save_address": "1"}])
def test_an_address_is_saved_when_asked_to_be_and_only_once(resident, api, fields):
    send(resident, STANDARD | TYPED | {"address_id": ""} | fields)
    assert not api.sent("POST", "/users/me/addresses")


def test_an_order_stands_though_its_address_is_not_saved(resident, api):
    api.says["POST", "/users/me/addresses"] = ApiError(409, "No more than 20 addresses are saved.")
    answer = send(resident, STANDARD | TYPED | {"address_id": "", "line1": "Calle 2", "save_address": "1"})
    assert answer.location == "/orders/o1"
    page = resident.get("/orders/o1").text
    assert "Thank you for your order." in page
    assert "Your address is not saved. No more than 20 addresses are saved." in page


def test_the_address_is_typed_when_the_saved_ones_do_not_come(resident, api):
    api.says[ADDRESSES] = ApiError(503, "down")
    assert "address_id" not in resident.get("/checkout").text


def test_a_saved_address_that_is_gone_is_told_where_it_was_chosen(resident, api):
    api.says["POST", "/orders"] = ApiError(400, "Not valid", {"delivery.address_id": "is none of your saved addresses"})
    answer = send(resident, STANDARD | {"address_id": "a7"})
    assert '<a href="#f-address_id">This is none of your saved addresses.</a>' in answer.text
