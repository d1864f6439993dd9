"""A shopper's saved addresses."""

import pytest

from client.api import Answer, ApiError
from tests.unit.client.fakes import form_of

HOME = {
    "name": "Ada L.",
    "line1": "Calle 1",
    "line2": "Apto 2",
    "city": "Bogotá",
    "postal_code": "110",
    "country": "CO",
}
ADDRESSES = "/users/me/addresses"


@pytest.fixture
def resident(signed_in, api):
    api.says["GET", ADDRESSES] = Answer({"items": [{"id": "a1", "created_at": "x", **HOME}], "next_cursor": None})
    api.says["POST", ADDRESSES] = api.says["PUT", f"{ADDRESSES}/a1"] = Answer({"id": "a1", **HOME})
    return signed_in


def test_every_address_can_be_corrected_and_what_is_not_touched_stays(resident, api):
    assert 'href="/account/addresses/a1"' in resident.get("/account/addresses").text
    form = form_of(resident.get("/account/addresses/a1").text)
    assert resident.post("/account/addresses/a1", form | {"city": "Cali"}).location == "/account/addresses"
    assert api.sent("PUT", f"{ADDRESSES}/a1")[0].body == HOME | {"city": "Cali"}


def test_a_new_address_begins_with_the_shoppers_name(resident, api):
    form = form_of(resident.get("/account/addresses/new").text)
    assert form["name"] == "Ada Lovelace"
    resident.post("/account/addresses/new", form | {"line1": "Calle 3", "city": "Cali", "country": "CO"})
    assert api.sent("POST", ADDRESSES)[0].body == {
        "name": "Ada Lovelace",
        "line1": "Calle 3",
        "city": "Cali",
        "country": "CO",
    }


@pytest.mark.parametrize(
    ("typed", "error", "told"),
    [
        ({"city": ""}, None, '<a href="#f-city">Enter the town or city.</a>'),
        ({}, ApiError(400, "Not valid", {"country": "is too long"}), '<a href="#f-country">This is too long.</a>'),
        ({}, ApiError(409, "No more than 20 addresses are saved."), "No more than 20 addresses are saved."),
        ({}, ApiError(503, "down"), "We do not know yet whether it was saved."),
    ],
)
def test_an_address_that_is_not_saved_leaves_what_was_typed(resident, api, typed, error, told):
    if error:
        api.says["POST", ADDRESSES] = error
    answer = resident.post("/account/addresses/new", HOME | typed)
    assert answer.status_code == 400
    assert told in answer.text
    assert form_of(answer.text)["line1"] == HOME["line1"]


@pytest.mark.parametrize("said", [Answer(None), ApiError(404, "There is no such address.")])
def test_a_deleted_address_is_deleted(resident, api, said):
    api.says["DELETE", f"{ADDRESSES}/a1"] = said
    assert resident.post("/account/addresses/a1/delete").location == "/account/addresses"
    assert "The address is deleted." in resident.get("/account/addresses").text


def test_an_address_that_is_not_ones_own_is_not_there(resident):
    assert resident.get("/account/addresses/a9").status_code == 404
