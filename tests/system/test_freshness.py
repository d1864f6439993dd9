"""What the gateway gives again to everybody is never given to somebody who has just changed it."""

import re

import pytest
import requests

from tests.system.shop import PASSWORD, TIMEOUT, Json, Person, Shop, a_title, answer
from tests.system.waiting import eventually

ROUNDS = 5


@pytest.fixture(scope="module")
def browser(shop: Shop, seller: Person) -> requests.Session:
    """The seller, signed in on the shop's pages."""
    session = requests.Session()
    form = session.get(f"{shop.url}/sign-in", timeout=TIMEOUT).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token
    typed = {"email": seller.session["user"]["email"], "password": PASSWORD, "csrf_token": token[1]}
    session.post(f"{shop.url}/sign-in", data=typed, timeout=TIMEOUT).raise_for_status()
    assert "Sam Seller" in session.get(f"{shop.url}/account", timeout=TIMEOUT).text
    return session


@pytest.fixture
def listing(seller: Person) -> Json:
    """A listing that is changed."""
    return seller.lists()


def changes(seller: Person, book: Json) -> str:
    """Change a listing's title; return the new one."""
    read = seller.send("GET", f"/books/{book['id']}")
    change = {"title": a_title(), "authors": ["Mary Shelley"], "price_cents": 1099, "stock": 5}
    return str(
        answer(seller.send("PUT", f"/books/{book['id']}", change, **{"If-Match": read.headers["ETag"]}))["title"]
    )


@pytest.mark.parametrize("path", ["/books/{id}", "/books?seller={seller}"])
def test_who_changed_a_listing_reads_it_as_it_is_now(shop: Shop, seller: Person, listing: Json, path: str) -> None:
    path, older = path.format(id=listing["id"], seller=seller.id), 0
    for _ in range(ROUNDS):
        assert shop.send("GET", path).ok
        title = changes(seller, listing)
        older += title not in shop.send("GET", path).text
        assert title in seller.send("GET", path).text
    # Otherwise nothing was kept that could have hidden it.
    assert older
    eventually(lambda: title in shop.send("GET", path).text, within=3, what="the change for everybody")


def test_who_changed_a_listing_sees_it_on_the_shops_pages(
    shop: Shop, seller: Person, browser: requests.Session, listing: Json
) -> None:
    page, older = f"{shop.url}/books/{listing['id']}", 0
    for _ in range(ROUNDS):
        assert requests.get(page, timeout=TIMEOUT).ok
        title = changes(seller, listing)
        older += title not in requests.get(page, timeout=TIMEOUT).text
        assert title in browser.get(page, timeout=TIMEOUT).text
    assert older
