"""A steady stream of orders that goes on through faults, and the proof that none of them was lost or made twice."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import requests

from tests.system.shop import Json, Person, basket, new_key
from tests.system.waiting import eventually

PATIENCE = 90.0
PAUSE = 0.1
# What may be sent again under its key: nobody knows whether it was done, or it could not be done just now.
_REPEATED = {409, 425, 429, 500, 502, 503, 504}


class Writers:
    """Shoppers who order and pay without a break. Each request is repeated under its key until it is answered.

    `plenty` must outlast the stream; `scarce` is sold out on the way.
    """

    def __init__(self, buyer: Person, *, plenty: Json, scarce: Json, count: int = 2) -> None:
        """`count` shoppers write at a time, with the pauses of people in a hurry."""
        self._buyer, self._books = buyer, [plenty, scarce]
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._shop, args=(number,), daemon=True) for number in range(count)]
        self.orders: dict[str, str] = {}
        """Every order that was answered with success, and the last status that its buyer was told."""
        self.sold_out = 0
        self.repeats: list[str] = []
        """Why requests were sent again."""
        self.faults: list[BaseException] = []

    def __enter__(self) -> "Writers":
        """Start."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Let every shopper come to the end of what was begun."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        if error is None:
            assert not self.faults, self.faults

    def go_on(self, more: int = 10, *, within: float = 30) -> None:
        """Wait until so many more orders were answered."""
        enough = len(self.orders) + more
        eventually(lambda: self.faults or len(self.orders) >= enough, within=within, what=f"{more} more orders")
        assert not self.faults, self.faults

    def _shop(self, number: int) -> None:
        try:
            turn = number
            while not self._stop.wait(PAUSE):
                self._order(self._books[turn % 2], pays=turn % 3 == 0)
                turn += 1
        except BaseException as error:
            self.faults.append(error)

    def _order(self, book: Json, *, pays: bool) -> None:
        placed = self._send("/orders", basket(book))
        if placed.status_code == 409:
            self.sold_out += 1
            assert placed.json()["items"][0]["reason"] == "sold_out", placed.text
            return
        assert placed.status_code == 201, placed.text
        order = placed.json()
        self.orders[order["id"]] = "pending"
        if pays:
            paid = self._send(f"/orders/{order['id']}/pay", {"method": "pse"})
            assert paid.status_code == 200, paid.text
            self.orders[order["id"]] = "paid"

    def _send(self, path: str, body: Json) -> Any:
        """Send until there is a definite answer, always under the same key."""
        key, deadline = new_key(), time.monotonic() + PATIENCE
        while True:
            try:
                response = self._buyer.send("POST", path, body, **key)
                if not undecided(response):
                    return response
                why = f"{path}: {response.status_code} {response.text[:200]}"
            except requests.RequestException as error:
                why = f"{path}: {error}"
            self.repeats.append(why)
            assert time.monotonic() < deadline, f"no answer within {PATIENCE:g} s: {why}"
            time.sleep(PAUSE)


def undecided(response: requests.Response) -> bool:
    """Whether a request has to be sent again under its key."""
    lasting = response.status_code == 409 and "Retry-After" not in response.headers
    return response.status_code in _REPEATED and not lasting


def assert_balance(seller: Person, supplied: Mapping[str, int], writers: Writers) -> None:
    """Every order that was answered is there as it was answered, no other one is, and every copy is accounted for."""
    found = {order["id"]: order for order in seller.sold() if order["items"][0]["book_id"] in supplied}
    assert found.keys() == writers.orders.keys()
    assert {order_id: order["status"] for order_id, order in found.items()} == writers.orders
    held: Counter[str] = Counter()
    for order in found.values():
        held.update({item["book_id"]: item["quantity"] for item in order["items"]})
    eventually(
        lambda: {book: held[book] + seller.shop.book(book)["stock"] for book in supplied} == dict(supplied),
        within=30,
        what="sold or reserved + left = supplied",
    )
