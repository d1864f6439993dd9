"""A shop at work, whose books are balanced at the end whatever happened meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests.system.shop import Json, Person, Shop
from tests.system.waiting import eventually
from tests.system.writers import Writers, assert_balance

PLENTY, SCARCE = 10_000, 15


@contextmanager
def selling(shop: Shop) -> Iterator[Writers]:
    """A stream of orders of one seller's books; when it has ended, every order and every copy must be accounted for."""
    seller, buyer = shop.registers("Sam Seller"), shop.registers("Bea Buyer")
    plenty, scarce = seller.lists(stock=PLENTY), seller.lists(stock=SCARCE)
    writers = Writers(buyer, plenty=plenty, scarce=scarce)
    for book in (plenty, scarce):
        writers.orders[first_order(buyer, book)["id"]] = "pending"
    with writers:
        writers.go_on()
        yield writers
        eventually(lambda: writers.sold_out, within=30, what="the end of the scarce book")
    assert_balance(seller, {plenty["id"]: PLENTY, scarce["id"]: SCARCE}, writers)


def first_order(buyer: Person, book: Json) -> Json:
    """Order a new book as soon as it can be had."""
    order: Json = eventually(lambda: buyer.can_order(book), within=10, what="an order of a new book")
    return order


def sells_a_new_book(person: Person) -> Json | None:
    """List a book and order it, which takes every part of the system; nothing if something is away."""
    try:
        return first_order(person, person.lists())
    except (AssertionError, requests.RequestException):
        return None
