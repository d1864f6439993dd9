"""Every limit of what the API of orders takes."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bookstore.fields import reasons
from bookstore.orders.models import Address, Basket, OrdersQuery, Paying, Shipping

ADDRESS = {"name": "Ann", "line1": "1 High St", "city": "London", "country": "United Kingdom"}
CARD = {"number": "4242 4242 4242 4242", "expiry": "12/60", "cvc": "123", "name": "Ann Smith"}


def basket(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"items": list(items) or [{"book_id": "b1", "quantity": 1}], "delivery": {"method": "pickup"}} | changes


def fields(model: type[BaseModel], body: Any) -> list[str]:
    """The places that are wrong in a body."""
    with pytest.raises(ValidationError) as error:
        model.model_validate_json(json.dumps(body))
    return [".".join(str(part) for part in problem["loc"]) for problem in error.value.errors()]


@pytest.mark.parametrize("quantity", [0, 100, -1, 1.5, "1", True, None, 10**30])
def test_a_quantity_is_a_whole_number_from_1_to_99(quantity: Any):
    assert fields(Basket, basket({"book_id": "b1", "quantity": quantity})) == ["items.0.quantity"]


def test_a_whole_number_may_be_written_with_a_point():
    read = Basket.model_validate_json(json.dumps(basket({"book_id": "b1", "quantity": 2.0})))
    assert read.items[0].quantity == 2


def test_up_to_50_different_books_in_however_many_lines():
    lines = [{"book_id": f"b{number % 50}", "quantity": 1} for number in range(100)]
    assert len(Basket.model_validate(basket(*lines)).items) == 100
    assert fields(Basket, basket(*lines, {"book_id": "one-more", "quantity": 1})) == ["items"]


def test_the_copies_of_a_book_are_limited_over_all_its_lines():
    assert fields(Basket, basket({"book_id": "b1", "quantity": 99}, {"book_id": "b1", "quantity": 1})) == ["items"]


def test_all_errors_are_told_at_once():
    wrong = basket({"book_id": "", "quantity": 0, "price_cents": -1, "seller_id": "me"}, delivery={"method": "drone"})
    assert fields(Basket, wrong) == [
        *("items.0.book_id", "items.0.quantity", "items.0.price_cents", "items.0.seller_id"),
        "delivery.method",
    ]


@pytest.mark.parametrize("items", [[], None, {}, "b1"])
def test_an_order_needs_a_list_of_items(items: Any):
    assert fields(Basket, {"items": items, "delivery": {"method": "pickup"}}) == ["items"]


@pytest.mark.parametrize("method", ["standard", "express"])
def test_what_is_delivered_needs_an_address_and_what_is_picked_up_does_not(method: str):
    assert fields(Basket, basket(delivery={"method": method})) == ["delivery.address"]
    Basket.model_validate(basket(delivery={"method": method, "address": ADDRESS}))
    Basket.model_validate(basket(delivery={"method": "pickup"}))


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("line1", "x" * 201), ("city", "a\nb"), ("country", "x" * 61), ("city", "\ud800")],
)
def test_an_address_holds_no_blanks_no_control_characters_and_no_novels(field: str, value: str):
    wrong = basket(delivery={"method": "standard", "address": ADDRESS | {field: value}})
    found = fields(Basket, wrong)
    assert found in ([f"delivery.address.{field}"], [""])


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", "4242 4242 4242 4241"), ("expiry", "01/20"), ("expiry", "13/30"), ("cvc", "12"), ("name", "")],
)
def test_every_part_of_a_card_is_checked(field: str, value: str):
    assert fields(Paying, {"method": "card", "card": CARD | {field: value}}) == [f"card.{field}"]


def test_a_card_belongs_to_paying_by_card_only():
    assert fields(Paying, {"method": "card"}) == ["card"]
    assert fields(Paying, {"method": "pse", "card": CARD}) == ["card"]


def test_a_card_shows_neither_number_nor_code():
    shown = repr(Paying.model_validate({"method": "card", "card": CARD}))
    assert "4242" not in shown
    assert "123" not in shown


def test_neither_does_an_error_about_it():
    with pytest.raises(ValidationError) as error:
        Paying.model_validate({"method": "card", "card": CARD | {"number": "4242 4242 4242 4241"}})
    assert "4241" not in str(error.value.errors(include_input=False, include_context=False))


@pytest.mark.parametrize("limit", [0, 101, "many"])
def test_a_page_holds_1_to_100_orders(limit: Any):
    with pytest.raises(ValidationError):
        OrdersQuery.model_validate({"limit": limit}, strict=False)
    assert OrdersQuery.model_validate({"limit": "100"}, strict=False).limit == 100


def test_a_tracking_number_is_one_line_of_100_characters():
    assert Shipping(tracking="T-1").tracking == "T-1"
    assert fields(Shipping, {"tracking": "x" * 101}) == ["tracking"]


@pytest.mark.parametrize(
    ("model", "field", "most"), [(Shipping, "tracking", 100), (Shipping, "carrier", 60), (Address, "postal_code", 20)]
)
def test_of_a_text_that_is_too_long_the_characters_are_counted(model: type[BaseModel], field: str, most: int):
    with pytest.raises(ValidationError) as error:
        model.model_validate({**(ADDRESS if model is Address else {}), field: "x" * (most + 1)})
    assert list(reasons(error.value)) == [((field,), f"string should have at most {most} characters")]
