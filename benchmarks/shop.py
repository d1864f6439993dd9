"""A seller with a deep stock and a shopper, made for the measurements through the public API."""

import os
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in."""

    email: str
    password: str
    token: str


def a_copy_of(book_id: str) -> dict[str, Any]:
    """The body of the smallest order."""
    return {"items": [{"book_id": book_id, "quantity": 1}], "delivery": {"method": "pickup"}}


class Shop:
    """The public API."""

    def __init__(self, url: str) -> None:
        self.url = url

    @classmethod
    def from_environment(cls) -> "Shop":
        """The one of the same settings as `make up`."""
        return cls(f"http://127.0.0.1:{os.environ.get('SHOP_PORT', '8000')}")

    def books(self, **query: Any) -> dict[str, Any]:
        """A page of books."""
        answer = requests.get(f"{self.url}/api/books", params=query, timeout=30)
        answer.raise_for_status()
        page: dict[str, Any] = answer.json()
        return page

    def register(self) -> Account:
        """A new account."""
        email, password = f"bench-{uuid.uuid4().hex[:12]}@example.com", f"bench {uuid.uuid4()}"
        made = self._post("/api/auth/register", {"email": email, "password": password, "name": "Bench"})
        return Account(email, password, made["access_token"])

    def list_book(self, seller: Account, *, stock: int) -> str:
        """Put a book on sale and wait until it can be ordered; return its id."""
        book = {"title": "A Book for Measuring", "authors": ["Bench"], "price_cents": 100, "stock": stock}
        made = self._post("/api/books", {**book, "condition": "new"}, token=seller.token)
        self._wait_until_orderable(made["id"], seller)
        return str(made["id"])

    def remove_book(self, seller: Account, book_id: str) -> None:
        """Take the book off sale."""
        headers = {"Authorization": f"Bearer {seller.token}"}
        found = requests.get(f"{self.url}/api/books/{book_id}", timeout=10)
        headers["If-Match"] = found.headers["ETag"]
        requests.delete(f"{self.url}/api/books/{book_id}", headers=headers, timeout=10).raise_for_status()

    def can_order(self, book_id: str, buyer: Account) -> bool:
        """Order a copy of a book, if it can be had."""
        with suppress(requests.HTTPError):
            self._post("/api/orders", a_copy_of(book_id), token=buyer.token, key=uuid.uuid4().hex)
            return True
        return False

    def _wait_until_orderable(self, book_id: str, buyer: Account) -> None:
        deadline = time.monotonic() + 10
        while not self.can_order(book_id, buyer):
            if time.monotonic() > deadline:
                raise TimeoutError(f"The book {book_id} cannot be ordered after 10 s.")
            time.sleep(0.1)

    def _post(self, path: str, body: dict[str, Any], *, token: str = "", key: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        answer = requests.post(self.url + path, json=body, headers=headers, timeout=15)
        answer.raise_for_status()
        return answer.json()
