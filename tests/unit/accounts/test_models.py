"""What may be sent to register, and what is said about the rest."""

import json

import pytest
from pydantic import ValidationError

from bookstore.accounts.models import NewUser

ADA = {"email": "ada@example.com", "name": "Ada Lovelace", "password": "correct horse battery"}


def problems(**changes):
    with pytest.raises(ValidationError) as caught:
        NewUser.model_validate_json(json.dumps(ADA | changes))
    return {error["loc"][0] for error in caught.value.errors()}


def test_an_address_is_kept_in_lower_case_and_a_name_without_outer_blanks():
    ada = NewUser.model_validate_json(json.dumps(ADA | {"email": "Ada.L+books@Example.COM", "name": "  Ada "}))
    assert (ada.email, ada.name) == ("ada.l+books@example.com", "Ada")


@pytest.mark.parametrize(
    "address",
    [
        *("", "ada", "ada@", "@example.com", "ada@example", "ada@-x.com", "a b@example.com", "ada@exa mple.com"),
        *("ada@example..com", ".ada@example.com", "ada.@example.com", "a..da@example.com"),
        "ada@example.com\n",
        "ádá@example.com",
        f"{'a' * 65}@example.com",
        f"a@{'b.' * 126}com",
        7,
        None,
    ],
)
def test_what_is_no_address_is_refused(address):
    assert problems(email=address) == {"email"}


@pytest.mark.parametrize("password", ["short", "x" * 9 + "y" * 248, "correct\u0000horse", "Password123!", 1234567890])
def test_a_password_that_is_too_short_too_long_or_too_common_is_refused(password):
    assert problems(password=password) == {"password"}


@pytest.mark.parametrize("name", ["", "   ", "a" * 101, "Ada\u0007", "Ada\nLovelace", None])
def test_a_name_that_cannot_be_shown_is_refused(name):
    assert problems(name=name) == {"name"}


def test_all_problems_are_told_at_once_and_unknown_fields_are_one():
    assert problems(email="x", name="", role="admin") == {"email", "name", "role"}


def test_a_password_does_not_appear_when_a_user_is_printed():
    assert ADA["password"] not in repr(NewUser.model_validate_json(json.dumps(ADA)))
