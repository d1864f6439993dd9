"""Many want the same few copies at once: each copy is sold once, whatever dies meanwhile."""

import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
import requests

from tests.live import Stack
from tests.system.containers import containers_of, docker
from tests.system.selling import first_order
from tests.system.shop import Json, Person, Shop, answer, basket, new_key
from tests.system.waiting import eventually
from tests.system.writers import undecided

pytestmark = pytest.mark.usefixtures("balanced")
BUYERS, COPIES = 200, 50
PATIENCE = 150.0


def a_buyer(shop: Shop, stack: Stack) -> Person:
    """Somebody who is signed in; so many could not register within the limit of one client."""
    now, who = int(time.time()), str(uuid.uuid4())
    claims = {"sub": who, "name": "Bea Buyer", "role": "user", "jti": uuid.uuid4().hex, "iat": now, "exp": now + 600}
    signed = {**claims, "iss": "bookstore", "aud": "bookstore-api"}
    token = jwt.encode(signed, stack.secret("jwt-private-key"), algorithm="EdDSA")
    return Person(shop, {"access_token": token, "user": {"id": who}})


def insists(person: Person, path: str, body: Json, key: dict[str, str]) -> Any:
    """Send under the same key until there is a definite answer."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            response = person.send("POST", path, body, **key)
            if not undecided(response):
                return response
        except requests.RequestException:
            pass
        assert time.monotonic() < deadline, "no definite answer"
        time.sleep(0.2)


@pytest.mark.parametrize("deadly", [False, True], ids=["in peace", "while replicas are killed"])
def test_two_hundred_buyers_of_fifty_copies_get_exactly_fifty(
    stack: Stack, shop: Shop, seller: Person, buyer: Person, deadly: bool
) -> None:
    book = seller.lists(stock=COPIES)
    answer(buyer.send("POST", f"/orders/{first_order(buyer, book)['id']}/cancel"))
    buyers = [a_buyer(shop, stack) for _ in range(BUYERS)]
    with ThreadPoolExecutor(BUYERS + 1) as pool:
        killing = pool.submit(_kill_again_and_again, f"{stack.name}_fn-place-order") if deadly else None
        answers = list(pool.map(lambda person: insists(person, "/orders", basket(book), new_key()), buyers))
    assert not killing or killing.result() > 1
    assert Counter(response.status_code for response in answers) == {201: COPIES, 409: BUYERS - COPIES}
    assert {response.json()["items"][0]["reason"] for response in answers if response.status_code == 409} == {
        "sold_out"
    }
    orders = [order["id"] for order in seller.sold() if order["status"] == "pending"]
    mine = {response.json()["id"] for response in answers if response.status_code == 201}
    assert (len(mine), mine <= set(orders)) == (COPIES, True)
    eventually(lambda: shop.book(book["id"])["stock"] == 0, within=10, what="a stock of none")


def test_the_same_key_twenty_times_at_once_makes_one_order(book: Json, buyer: Person, shop: Shop) -> None:
    key = new_key()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: insists(buyer, "/orders", basket(book), key), range(20)))
    assert len({response.text for response in answers}) == 1
    assert answers[0].status_code == 201
    eventually(lambda: shop.book(book["id"])["stock"] == 4, within=10, what="a stock less by one")


def _kill_again_and_again(service: str) -> int:
    """Kill all replicas of a service as soon as there are some, three times; return how many that were."""
    killed = 0
    for _ in range(3):
        replicas = eventually(lambda: containers_of(service), within=60, what="replicas to kill")
        docker("kill", *replicas)
        killed += len(replicas)
        time.sleep(1)
    return killed
