"""Requests made up from the API's own description, good and bad ones: every answer is one that it promises."""

from typing import Any
from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case

from tests.live import ROOT
from tests.made_up import THE_SAME
from tests.system.shop import PASSWORD, Person, Shop

API = schemathesis.openapi.from_path(ROOT / "bookstore" / "openapi.json")
# What a schema cannot say is refused too: a common password, a wrong check digit, a day that the calendar lacks.
API.config.checks.positive_data_acceptance.enabled = False
# A version that is missing has a status of its own.
API.config.checks.missing_required_header.expected_statuses.append("428")
# The gateway refuses a long body before anybody reads it.
API.config.checks.negative_data_rejection.expected_statuses.append("413")


@API.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=THE_SAME,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_answers_as_it_is_described(
    case: Case[Any], shop: Shop, second_admin: Person, stranger: Person
) -> None:
    # By what is sent, so that a request that failed is repeated by the same person.
    sent = f"{case.formatted_path} {case.query} {case.body!r}"
    caller = (second_admin, stranger)[crc32(sent.encode(errors="replace")) % 2]
    token = {"Authorization": f"Bearer {caller.session['access_token']}"}
    case.call_and_validate(base_url=shop.url, headers=token, timeout=15)


@pytest.fixture(scope="module")
def second_admin(shop: Shop, admin: Person) -> Person:
    """An admin whose account may come to harm."""
    person = shop.registers("Ida Admin")
    assert admin.send("PUT", f"/users/{person.id}/role", {"role": "admin"}).status_code == 200
    return shop.signs_in(person.session["user"]["email"], PASSWORD)
