"""An API that answers what a test says, and a shopper with a browser."""

import re
from collections.abc import Callable, Sequence
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from client.api import Answer, ApiError, Call, Caller

Said = Answer | ApiError | Callable[[Call], Answer | ApiError]
ADA = {"id": "u1", "name": "Ada Lovelace", "email": "ada@example.com", "role": "user"}


def make_book(book_id: str = "b1", **changes: Any) -> dict[str, Any]:
    book = {
        "id": book_id,
        "work_id": f"w-{book_id}",
        "title": f"Title of {book_id}",
        "contributors": [{"name": "Mary Shelley", "role": "author"}],
        "subjects": ["FBC"],
        "condition": "new",
        "price_cents": 1099,
        "currency": "USD",
        "stock": 5,
        "seller": {"id": "u9", "name": "Sam"},
        "version": 1,
    }
    return book | changes


def make_order(**changes: Any) -> dict[str, Any]:
    order = {
        "id": "o1",
        "status": "pending",
        "buyer": {"id": "u1", "name": "Ada Lovelace"},
        "items": [{"book_id": "b1", "title": "Title of b1", "quantity": 1, "price_cents": 1099, "seller_id": "u9"}],
        "shipments": [{"seller_id": "u9", "status": "open", "tracking": None, "at": "2026-01-02T03:04:05Z"}],
        "delivery": {"method": "pickup", "address": None},
        "delivery_cents": 0,
        "total_cents": 1099,
        "currency": "USD",
        "payment": None,
        "expires_at": "2026-01-02T03:19:05Z",
        "history": [{"status": "pending", "at": "2026-01-02T03:04:05Z"}],
        "created_at": "2026-01-02T03:04:05Z",
    }
    return order | changes


def make_tokens(access: str = "access-1", refresh: str = "refresh-1", expires_in: int = 600) -> dict[str, Any]:
    return {
        "access_token": access,
        "refresh_token": refresh,
        "token_type": "Bearer",
        "expires_in": expires_in,
        "user": ADA,
    }


class FakeApi:
    """Answers by method and path; what nobody told it to know is a 404. Remembers every call."""

    def __init__(self) -> None:
        self.says: dict[tuple[str, str], Said] = {}
        self.calls: list[Call] = []
        self.callers: list[Caller] = []

    def holds(self, *books: dict[str, Any]) -> None:
        for book in books:
            self.says["GET", f"/books/{book['id']}"] = Answer(book, f'"{book["version"]}-{book["stock"]}"')
        self.says["GET", "/books"] = Answer({"items": list(books), "next_cursor": None})

    def send(self, call: Call, caller: Caller) -> Answer:
        self.calls.append(call)
        self.callers.append(caller)
        said = self.says.get((call.method, call.path), ApiError(404, "Not found."))
        answer = said(call) if callable(said) else said
        if isinstance(answer, ApiError):
            raise answer
        return answer

    def send_all(self, calls: Sequence[Call], caller: Caller) -> list[Answer | ApiError]:
        answers: list[Answer | ApiError] = []
        for call in calls:
            try:
                answers.append(self.send(call, caller))
            except ApiError as error:
                answers.append(error)
        return answers

    def sent(self, method: str, path: str) -> list[Call]:
        return [call for call in self.calls if (call.method, call.path) == (method, path)]


class Shopper:
    """Somebody with a browser: follows no redirects by themselves, and sends forms with the page's token."""

    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.browser.get(path, **more)

    def post(self, path: str, fields: dict[str, str] | None = None, **more: Any) -> TestResponse:
        token = field_of(self.browser.get("/help").text, "csrf_token")
        return self.browser.post(path, data={"csrf_token": token, **(fields or {})}, **more)

    def sign_in(self) -> TestResponse:
        return self.post("/sign-in", {"email": ADA["email"], "password": "correct horse"})

    def cookie(self, name: str) -> str:
        found = self.browser.get_cookie(name)
        return found.value if found else ""


def field_of(page: str, name: str) -> str:
    """The value of a form's field in a page."""
    tag = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    assert tag, f"no field {name}"
    value = re.search(r' value="([^"]*)"', tag.group())
    return unescape(value.group(1)) if value else ""


class FormReader(HTMLParser):
    """Fills `fields` with what a browser sends of a page's form to `action`, or without one to the page itself."""

    def __init__(self, action: str | None = None) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._action = action
        self._inside = False
        self._area = self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("method") == "post" and found.get("action") == self._action
        if not self._inside:
            return
        if tag == "input" and (found.get("type") not in {"radio", "checkbox"} or "checked" in found):
            self.fields[found["name"]] = found.get("value", "on" if "checked" in found else "")
        elif tag == "textarea":
            self._area = found["name"]
            self.fields[self._area] = ""
        elif tag == "select":
            self._choice = found["name"]
        elif tag == "option" and ("selected" in found or self._choice not in self.fields):
            self.fields[self._choice] = found["value"]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # A browser leaves the first line break out, and sends the others as two characters.
            self.fields[self._area] = self.fields[self._area].removeprefix("\n").replace("\n", "\r\n")
            self._area = ""
        elif tag == "form":
            self._inside = False


def form_of(page: str, action: str | None = None) -> dict[str, str]:
    """What a browser sends of a page's form when nothing is changed in it."""
    reader = FormReader(action)
    reader.feed(page)
    return reader.fields
