"""People who use the shop through its public API, as any program would."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

PASSWORD = "a long enough pass phrase"
CARD = {"number": "4242 4242 4242 4242", "expiry": "12/39", "cvc": "123", "name": "Ada Lovelace"}
DECLINED = {**CARD, "number": "4000 0000 0000 0002"}
TIMEOUT = 15.0

Json = dict[str, Any]


def new_key() -> dict[str, str]:
    """The header that makes a request count once."""
    return {"Idempotency-Key": str(uuid.uuid4())}


def a_title(words: str = "A Tale") -> str:
    """A title that nobody else uses, and that can be searched for by its last word."""
    return f"{words} {uuid.uuid4().hex[:10]}"


def basket(*books: Json, quantity: int = 1) -> Json:
    """An order of so many copies of each book, to be picked up."""
    return {
        "items": [{"book_id": book["id"], "quantity": quantity} for book in books],
        "delivery": {"method": "pickup"},
    }


@dataclass(frozen=True)
class Shop:
    """The entrance of a running shop."""

    url: str

    def send(self, method: str, path: str, json: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """Call the API as nobody in particular and return the response, whatever it is."""
        return requests.request(method, f"{self.url}/api{path}", json=json, headers=headers, timeout=TIMEOUT)

    def finds(self, words: str) -> list[str]:
        """The ids of the books that a search finds."""
        return [book["id"] for book in answer(self.send("GET", f"/books?q={words}"))["items"]]

    def book(self, book_id: str) -> Json:
        """A book as the catalog shows it."""
        return answer(self.send("GET", f"/books/{book_id}"))

    def registers(self, name: str) -> "Person":
        """Somebody new with an account."""
        email = f"{uuid.uuid4().hex[:16]}@example.com"
        sent = self.send("POST", "/auth/register", {"email": email, "password": PASSWORD, "name": name})
        return Person(self, answer(sent, 201))

    def signs_in(self, email: str, password: str) -> "Person":
        """Somebody who has an account already."""
        return Person(self, answer(self.send("POST", "/auth/login", {"email": email, "password": password})))


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    shop: Shop
    session: Json = field(repr=False)

    @property
    def id(self) -> str:
        """Whom others see as seller or buyer."""
        return str(self.session["user"]["id"])

    def send(self, method: str, path: str, json: Any = None, **headers: str) -> Any:
        """Call the API as this person and return the response, whatever it is."""
        token = {"Authorization": f"Bearer {self.session['access_token']}"}
        return self.shop.send(method, path, json, {**token, **headers})

    def reads(self, path: str) -> Json:
        """What the API answers."""
        return answer(self.send("GET", path))

    def lists(self, title: str = "", **more: Any) -> Json:
        """Put a book on sale."""
        book = {"title": title or a_title(), "authors": ["Mary Shelley"], "price_cents": 1099, "stock": 5} | more
        return answer(self.send("POST", "/books", book), 201)

    def orders(self, *books: Json, quantity: int = 1) -> Json:
        """Place an order that must succeed."""
        return answer(self.send("POST", "/orders", basket(*books, quantity=quantity), **new_key()), 201)

    def can_order(self, book: Json) -> Json | None:
        """Place an order, or nothing if the book cannot be had."""
        sent = self.send("POST", "/orders", basket(book), **new_key())
        return None if sent.status_code == 409 else answer(sent, 201)

    def pays(self, order: Json, card: Json = CARD) -> Any:
        """Pay by card and return the response."""
        return self.send("POST", f"/orders/{order['id']}/pay", {"method": "card", "card": card}, **new_key())

    def sold(self) -> Iterator[Json]:
        """All orders of this person's books, the newest first."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.reads(f"/orders?role=seller&limit=100{cursor and f'&cursor={cursor}'}")
            yield from page["items"]
            cursor = page["next_cursor"]


def answer(response: requests.Response, status: int = 200) -> Json:
    """The JSON of a response that must have this status."""
    assert response.status_code == status, f"{response.status_code} {response.text[:500]}"
    found: Json = response.json() if response.content else {}
    return found
