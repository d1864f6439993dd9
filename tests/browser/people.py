"""People with accounts: what a test needs to have happened is done through the API, what it is about in the browser."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from playwright.sync_api import Page

PASSWORD = "a long enough pass phrase"
GOOD_CARD, DECLINED_CARD = "4242 4242 4242 4242", "4000 0000 0000 0002"
SYNC_SECONDS = 10.0  # A new book can be ordered within 5 s of its creation.


@dataclass
class Person:
    """Somebody with a name and an e-mail address, and with a token once registered."""

    name: str
    email: str
    shop: str
    token: str = field(default="", repr=False)
    password: str = field(default=PASSWORD, repr=False)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """Call the API as this person."""
        token = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = f"{self.shop}/api{path}"
        response = requests.request(method, url, json=body, headers={**token, **headers}, timeout=30)
        response.raise_for_status()
        answer: dict[str, Any] = response.json() if response.content else {}
        return answer

    def register(self) -> None:
        """Get an account."""
        self._enter("register", {"email": self.email, "password": self.password, "name": self.name})

    def logs_in(self) -> None:
        """Get a token for an account that is there already."""
        self._enter("login", {"email": self.email, "password": self.password})

    def leaves(self) -> None:
        """Take all books off sale, so that a shop which is not the tests' own looks as before."""
        if not self.token:
            self.logs_in()
        mine = self.call("GET", f"/books?seller={self.call('GET', '/users/me')['id']}&limit=100")["items"]
        for book in mine:
            self.call("DELETE", f"/books/{book['id']}", **{"If-Match": f'"{book["version"]}"'})

    def _enter(self, way: str, body: dict[str, str]) -> None:
        self.token = self.call("POST", f"/auth/{way}", body)["access_token"]

    def sells(self, title: str, **more: Any) -> dict[str, Any]:
        """Put a book on sale and wait until it can be found."""
        body = {"title": title, "authors": ["Mary Shelley"], "price_cents": 1099, "stock": 5, "condition": "new"}
        book = self.call("POST", "/books", body | more)
        eventually(lambda: book["id"] in {found["id"] for found in self.found(title)})
        return book

    def found(self, title: str) -> list[dict[str, Any]]:
        """The books that a search finds."""
        response = requests.get(f"{self.shop}/api/books", {"q": title}, timeout=30)
        items: list[dict[str, Any]] = response.json()["items"]
        return items

    def orders(self, book: dict[str, Any]) -> dict[str, Any]:
        """Place an order for a book, to be picked up."""
        body = {"items": [{"book_id": book["id"], "quantity": 1}], "delivery": {"method": "pickup"}}
        placed: dict[str, Any] = {}

        def place() -> bool:
            try:
                placed.update(self.call("POST", "/orders", body, **{"Idempotency-Key": str(uuid.uuid4())}))
            except requests.HTTPError as error:
                if error.response.status_code != 409:
                    raise
            return bool(placed)

        eventually(place)
        return placed

    def pays(self, order: dict[str, Any]) -> None:
        """Pay an order."""
        self.call("POST", f"/orders/{order['id']}/pay", {"method": "pse"}, **{"Idempotency-Key": str(uuid.uuid4())})

    def signs_in(self, page: Page) -> None:
        """Sign in, in the browser."""
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(self.email)
        page.get_by_label("Password").fill(self.password)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Account").wait_for()


def a_title(words: str) -> str:
    """A title that nobody else uses, and that can be searched for by its last word."""
    return f"{words} {uuid.uuid4().hex[:10]}"


def eventually(true: Callable[[], bool]) -> None:
    """Wait until it is true."""
    end = time.monotonic() + SYNC_SECONDS
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def fill_card(page: Page, number: str) -> None:
    """Type a card."""
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry date").fill("12/39")
    page.get_by_label("Security code").fill("123")
    page.get_by_label("Name on the card").fill("Ada Lovelace")


def fill_address(page: Page) -> None:
    """Type where the books go."""
    page.get_by_label("Street and number").fill("Calle 26 # 13-19")
    page.get_by_label("Town or city").fill("Bogotá")
    page.get_by_label("Country").fill("Colombia")


def place_order(page: Page, number: str) -> None:
    """Send the checkout with a card, again while the new book has not reached the orders yet."""

    def placed() -> bool:
        fill_card(page, number)
        page.get_by_role("button", name="Place order and pay").click()
        page.wait_for_load_state()
        return "/checkout" not in page.url

    eventually(placed)
