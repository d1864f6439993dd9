"""Nobody gets past a protected route without a token of the shop's own making."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.forgery import FORGED, NO_TOKENS, Keys, claims_of, signed
from tests.live import Stack
from tests.system.operations import Operation, operations
from tests.system.problems import problem
from tests.system.selling import first_order
from tests.system.shop import Json, Person, Shop, answer

PROTECTED = [operation for operation in operations() if operation.protected]


@pytest.fixture(scope="module")
def keys(stack: Stack) -> Keys:
    """The shop's keys."""
    # As they are mounted: a file ends with its line.
    return Keys(stack.secret("jwt-private-key"), stack.secret("jwt-public-key") + "\n")


@pytest.fixture(scope="module")
def forged(keys: Keys, admin: Person) -> list[str]:
    """Values of Authorization that would let their sender be an admin, if they were believed."""
    claims = claims_of(admin.id)
    return [*NO_TOKENS, *(f"Bearer {forge(claims, keys)}" for forge in FORGED.values())]


@pytest.fixture(scope="module")
def bought(seller: Person, buyer: Person) -> tuple[Json, Json]:
    """A book and an order of it."""
    book = seller.lists()
    return book, first_order(buyer, book)


def _all_refused(shop: Shop, operation: Operation, path: str, headers: Iterable[str | None]) -> None:
    """Send good requests with these values of Authorization, side by side."""
    session = requests.Session()

    def send(value: str | None) -> tuple[str | None, requests.Response]:
        given: Any = {**operation.needed_headers, **({} if value is None else {"Authorization": value.encode()})}
        url = f"{shop.url}/api{path}"
        return value, session.request(operation.method, url, json=operation.example, headers=given, timeout=15)

    with session, ThreadPoolExecutor(8) as pool:
        for value, response in pool.map(send, headers):
            assert response.status_code == 401, f"{value}: {response.status_code} {response.text[:300]}"
            assert problem(response, 401).headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("operation", PROTECTED, ids=str)
def test_no_forged_token_is_believed(
    shop: Shop, buyer: Person, bought: tuple[Json, Json], forged: list[str], operation: Operation
) -> None:
    book, order = bought
    real = {"books": book["id"], "orders": order["id"], "users": buyer.id}
    before = _state(buyer, book, order)
    _all_refused(shop, operation, operation.about(real.get(operation.path.split("/")[1], buyer.id)), [None, *forged])
    assert _state(buyer, book, order) == before


@pytest.mark.parametrize("operation", PROTECTED, ids=str)
def test_whoever_is_not_signed_in_is_told_so_before_anything_else(shop: Shop, operation: Operation) -> None:
    method, path = operation.call
    headers = {"Content-Type": "text/plain", "Idempotency-Key": "", "If-Match": "?"}
    refused = requests.request(method, f"{shop.url}/api{path}?colour=red", data=b"{", headers=headers, timeout=15)
    assert problem(refused, 401).headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("length", [10_000, 100_000])
def test_a_great_token_is_refused(shop: Shop, length: int) -> None:
    refused = shop.send("GET", "/users/me", headers={"Authorization": f"Bearer {'a' * length}"})
    assert refused.status_code in {400, 401, 431}


def test_a_token_made_with_the_shops_own_key_counts(shop: Shop, admin: Person, keys: Keys) -> None:
    token = signed(claims_of(admin.id), keys)
    assert shop.send("GET", "/users", headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.parametrize("secret", ["refresh_token", "access_token"])
def test_one_kind_of_token_is_no_other(shop: Shop, stranger: Person, secret: str) -> None:
    token = stranger.session[secret]
    headers = {"Authorization": f"Bearer {token}"}
    assert shop.send("GET", "/users/me", headers=headers).status_code == (200 if secret == "access_token" else 401)
    expected = 401 if secret == "access_token" else 200
    body = {"refresh_token": token[:200]}
    assert shop.send("POST", "/auth/refresh", body).status_code == expected


def test_ten_wrong_passwords_close_an_account_for_a_while(shop: Shop, stranger: Person) -> None:
    wrong = {"email": stranger.session["user"]["email"], "password": "a wrong pass phrase"}
    for _ in range(10):
        problem(shop.send("POST", "/auth/login", wrong), 401)
    closed = problem(shop.send("POST", "/auth/login", wrong), 429)
    assert 0 < int(closed.headers["Retry-After"]) <= 15 * 60


def test_one_client_that_guesses_at_many_is_slowed_down(shop: Shop) -> None:
    def guess(number: int) -> requests.Response:
        response: requests.Response = shop.send("POST", "/auth/verify-email", {"token": f"guess-{number}"})
        return response

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(140)))
    slowed = [each for each in answers if each.status_code == 429]
    assert {each.status_code for each in answers} == {400, 429}
    assert int(slowed[0].headers["Retry-After"]) == 10


def _state(buyer: Person, book: Json, order: Json) -> tuple[Any, ...]:
    return (
        buyer.shop.book(book["id"]) | {"stock": 0},
        buyer.reads(f"/orders/{order['id']}"),
        buyer.reads("/users/me"),
        answer(buyer.send("GET", "/users/me/sessions")),
    )
