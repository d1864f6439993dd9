"""Requests that no shop can fulfil, on every route: each answer says what is wrong, and nothing breaks."""

import json
import re
import struct
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.system.operations import NO_ID, Operation, allowed_methods, operations
from tests.system.problems import problem
from tests.system.shop import Json, Person, Shop, answer, basket, new_key
from tests.system.waiting import eventually

ALL = operations()
TAKES_A_BODY = [operation for operation in ALL if operation.body]
NEEDS_A_KEY = ["/orders", f"/orders/{NO_ID}/pay"]
TOO_LARGE = b'{"title": "' + b"x" * 70_000 + b'"}'
BOOK = {"title": "A Tale", "authors": ["A. Writer"], "price_cents": 100, "stock": 1}
ORDER_LINE = {"book_id": NO_ID, "quantity": 1}
PICKUP = {"method": "pickup"}

# Every corner of JSON and Unicode; those that a field may hold are left out where they are sent.
HOSTILE: list[Any] = [
    *(None, True, 0, -1, 0.5, 10**30, 1e308, float("nan"), float("inf")),
    *([], [[]], {}, {"a": {"b": []}}, json.loads("[" * 500 + "]" * 500)),
    *("", " ", "\t", "\n", "\u0000", "\u001b[2J", "\u0085", "\u00a0", "\u2028", "\u202e", "\u200b", "\ufeff", "\ufffe"),
    *("\U0010ffff", "\ud800", "\u0301" * 50, "🕮" * 5000, "x" * 60_000, "ﷺ" * 10),
    *("' OR 1=1 --", "%s%n%x", "../../etc/passwd", "<script>alert(1)</script>"),
]
HOSTILE_URLS = [
    *("", "%00", "%FF", "%C0%80", "%ED%A0%80", "%F0%9F%93%9A", "%E2%80%AE", "%0d%0aX-Evil:%201", "%25", "%2e%2e%2f"),
    *("-1", "0", "1e9", "99999999999999999999", "NaN", "null", "[]", "%7B%7D", "'", "a%27%20OR%201=1", "x" * 3000),
]
# What may stand in a header by the rules of HTTP, in Latin-1, and what may not.
HOSTILE_HEADERS = [
    *("", "*", "W/", '"', '""', '"1', '1"', '"-1-5"', '"1.5-5"', '"1-5", "2-5"', '"1-5"; drop', '"a", ' * 1000),
    *("null", f'"{"9" * 30}-5"', "k" * 256, "x" * 6000, "a\tb", "%00", "\u00e9", "🕮 ﷺ".encode().decode("latin-1")),
]
MALFORMED_HEADERS = ["\x01", "\x1b[2J", "\x7f"]


def png(width: int, height: int, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG that says it is so large and has these chunks, with nothing in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", head), *more, (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


WHITE = zlib.compress((b"\0" + b"\xff" * 400) * 100)
BOMB = (b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 10**7))
HOSTILE_COVERS = [
    *((b"", 415), (b"{}", 415), (b"\x89PNG\r\n\x1a\n", 415), (b"\xff\xd8\xff", 415), (b"GIF89a" + b"\0" * 50, 415)),
    *((b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 415), (b"\0" * 5_000_000, 415)),
    # Cut off, without a picture, garbled.
    *((png(100, 100, (b"IDAT", WHITE))[:-50], 400), (png(100, 100), 400), (png(100, 100, (b"IDAT", WHITE[::-1])), 400)),
    # A dot, a continent, and what unpacks without end.
    *((png(1, 1, (b"IDAT", WHITE)), 400), (png(2**31 - 1, 2**31 - 1, (b"IDAT", WHITE)), 400)),
    *((png(60_000, 60_000, (b"IDAT", WHITE)), 400), (png(100, 100, BOMB, (b"IDAT", WHITE)), 415)),
    (b"\x89PNG" + b"x" * 5_300_000, 413),
]
HOSTILE_PARTS = [
    *(b"\0" * 1000, b"\xff\xfe\x00", b"\n" * 1000, b'"never closed', b"," * 100_000, b"x" * 2**20, b"title\n" * 1000),
    *(b"PK\x03\x04" + b"\0" * 100, b"title,title\na,b\n", b"title,authors,price_cents,stock\n=1+1,A\x00,1e9,-1\n"),
    "title,authors,price_cents,stock\n\ud800,A,1,1\n".encode(errors="surrogatepass"),
]

WRONG_FIELDS: list[tuple[str, str, Json, list[str]]] = [
    ("POST", "/auth/register", {}, ["email", "name", "password"]),
    ("POST", "/auth/register", {"email": "ada@nodot", "name": " ", "password": "short"}, ["email", "name", "password"]),
    (
        "POST",
        "/auth/register",
        {"email": "a@b.co", "name": "A\u0007B", "password": "password123"},
        ["name", "password"],
    ),
    ("POST", "/auth/login", {"email": 5, "password": None}, ["email", "password"]),
    ("POST", "/auth/refresh", {"refresh_token": ""}, ["refresh_token"]),
    ("POST", "/auth/logout", {}, ["refresh_token"]),
    ("POST", "/auth/password-reset", {"email": "ada"}, ["email"]),
    ("POST", "/auth/password-reset/confirm", {"password": "short"}, ["token", "password"]),
    ("PUT", "/users/me/password", {"old_password": "", "new_password": "short"}, ["old_password", "new_password"]),
    ("PATCH", "/users/me", {"email": "ada@example.com", "name": "\u0000"}, ["name", "password"]),
    ("DELETE", "/users/me", {"password": True}, ["password"]),
    ("POST", "/books", {**BOOK, "title": "   "}, ["title"]),
    ("POST", "/books", {**BOOK, "title": "x" * 301}, ["title"]),
    ("POST", "/books", {**BOOK, "authors": []}, ["authors"]),
    ("POST", "/books", {**BOOK, "authors": ["A"] * 101}, ["authors"]),
    ("POST", "/books", {**BOOK, "price_cents": -1, "stock": 10**6 + 1}, ["price_cents", "stock"]),
    ("POST", "/books", {**BOOK, "price_cents": "100", "stock": True}, ["price_cents", "stock"]),
    ("POST", "/books", {**BOOK, "price_cents": 10**30}, ["price_cents"]),
    ("POST", "/books", {**BOOK, "isbn13": "978-0-306-40615-8"}, ["isbn13"]),
    ("POST", "/books", {**BOOK, "title": "\ud800", "description": "a\u0000b"}, []),
    ("POST", "/books", {**BOOK, "seller_id": NO_ID, "id": NO_ID}, ["seller_id", "id"]),
    ("POST", "/books", {}, ["title", "contributors", "price_cents", "stock"]),
    ("PUT", f"/books/{NO_ID}", {**BOOK, "version": 3}, ["version"]),
    ("POST", "/orders", {}, ["items", "delivery"]),
    ("POST", "/orders", {"items": [], "delivery": PICKUP}, ["items"]),
    ("POST", "/orders", {"items": [{**ORDER_LINE, "quantity": 0}], "delivery": PICKUP}, ["items[0].quantity"]),
    ("POST", "/orders", {"items": [{**ORDER_LINE, "quantity": 99}] * 2, "delivery": PICKUP}, ["items"]),
    ("POST", "/orders", {"items": [ORDER_LINE], "delivery": {"method": "standard"}}, ["delivery.address"]),
    ("POST", "/orders", {"items": [ORDER_LINE], "delivery": {"method": "drone"}}, ["delivery.method"]),
    ("POST", f"/orders/{NO_ID}/pay", {"method": "barter"}, ["method"]),
    ("POST", f"/orders/{NO_ID}/pay", {"method": "card"}, ["card"]),
    ("POST", f"/orders/{NO_ID}/ship", {"tracking": 7}, ["tracking"]),
    ("PUT", f"/works/{NO_ID}/review", {"rating": 6, "text": "a\u0000b"}, ["rating", "text"]),
    ("PUT", f"/works/{NO_ID}/review", {"text": "x" * 5_001}, ["rating", "text"]),
    ("POST", f"/reviews/{NO_ID}/report", {"reason": " "}, ["reason"]),
    ("PUT", f"/users/me/wishes/{NO_ID}", {"tell_me": 1}, ["tell_me"]),
]

WRONG_PARAMETERS: list[tuple[str, list[str]]] = [
    ("/books?limit=0", ["limit"]),
    ("/books?limit=101&min_price=-1&max_price=cheap", ["limit", "min_price", "max_price"]),
    ("/books?limit=2&limit=3", ["limit"]),
    ("/books?isbn=9780306406158", ["isbn"]),
    ("/books?language=klingonese-please&format=scroll", ["language", "format"]),
    ("/books?sort=random&in_stock=perhaps", ["sort", "in_stock"]),
    ("/books?cursor=nonsense", ["cursor"]),
    ("/books?q=%00", ["q"]),
    ("/orders?role=thief&limit=a", ["role", "limit"]),
    ("/orders?cursor=../..", ["cursor"]),
    ("/bestsellers?days=0&limit=1e2", ["days", "limit"]),
    ("/sales?since=0&until=2026-13-01&by=buyer&cursor=1", ["since", "until", "by", "cursor"]),
    (f"/works/{NO_ID}/reviews?cursor=%27&limit=0", ["cursor", "limit"]),
    ("/users/me/wishes?limit=101", ["limit"]),
]


@pytest.fixture(scope="module")
def harry(shop: Shop) -> Person:
    """Somebody who gets nothing done."""
    return shop.registers("Hostile Harry")


@pytest.fixture(scope="module")
def guesser(shop: Shop) -> Person:
    """Somebody whose wrong passwords close their account."""
    return shop.registers("Guessing Gus")


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_an_unknown_parameter_is_named(stranger: Person, admin: Person, operation: Operation) -> None:
    method, path = operation.call
    caller = admin if operation.for_admins else stranger
    body: Json | None = {} if operation.body else None
    problem(caller.send(method, f"{path}?colour=red", body, **operation.needed_headers), 400, "colour")


@pytest.mark.parametrize("operation", TAKES_A_BODY, ids=str)
def test_an_unknown_field_is_named(stranger: Person, admin: Person, operation: Operation) -> None:
    method, path = operation.call
    caller = admin if operation.for_admins else stranger
    problem(caller.send(method, path, {"colour": "red"}, **operation.needed_headers), 400, "colour")


@pytest.mark.parametrize("operation", TAKES_A_BODY, ids=str)
def test_a_body_that_is_no_json_object_is_refused(stranger: Person, admin: Person, operation: Operation) -> None:
    caller = admin if operation.for_admins else stranger
    for text in (b"{", b"[]", b'"text"', b"\xff\xfe", b'{"a": 1,}', b"[" * 20_000, b'{"a":' * 10_000, b"1e999"):
        problem(_sends(caller, operation, text), 400)
    problem(_sends(caller, operation, b"a=b", **{"Content-Type": "application/x-www-form-urlencoded"}), 415)
    problem(_sends(caller, operation, TOO_LARGE), 413)
    problem(_sends(caller, operation, _pieces()), 413)


@pytest.mark.parametrize("operation", TAKES_A_BODY, ids=str)
def test_a_hostile_value_of_any_field_is_refused_and_nothing_changes(
    harry: Person, guesser: Person, admin: Person, operation: Operation
) -> None:
    refused: list[tuple[str, Any, bytes]] = []
    taken: list[tuple[str, Any, bytes]] = []
    for value in HOSTILE:
        for place, body in operation.bodies_with(value):
            (taken if operation.takes(body) else refused).append((place, value, json.dumps(body).encode()))
    for place, value, response in _sent_by(admin if operation.for_admins else harry, operation, refused):
        assert response.status_code == 400, f"{place} = {value!r:.80}: {response.status_code} {response.text[:300]}"
        problem(response, 400)
    assert harry.reads("/users/me")["name"] == "Hostile Harry"
    assert harry.reads(f"/books?seller={harry.id}")["items"] == harry.reads("/orders")["items"] == []
    # What a field may hold by its description may still mean nothing good.
    for place, value, response in _sent_by(admin if operation.for_admins else guesser, operation, taken):
        assert response.status_code < 500, f"{place} = {value!r:.80}: {response.status_code} {response.text[:300]}"


@pytest.mark.parametrize("operation", [each for each in ALL if each.parameters or "{" in each.path], ids=str)
def test_a_hostile_path_or_parameter_breaks_nothing(stranger: Person, admin: Person, operation: Operation) -> None:
    caller = admin if operation.for_admins else stranger
    calls = [f"{operation.call[1]}?{name}={value}" for name in operation.parameters for value in HOSTILE_URLS]
    calls += [operation.about(value) for value in HOSTILE_URLS if value and "{" in operation.path]

    def send(path: str) -> requests.Response:
        return _patiently(caller, operation, json.dumps(operation.example).encode(), path)

    with ThreadPoolExecutor(8) as pool:
        for path, response in zip(calls, pool.map(send, calls), strict=True):
            assert response.status_code < 500, f"{path}: {response.status_code} {response.text[:300]}"
            if response.status_code >= 400:
                problem(response, response.status_code)


@pytest.mark.parametrize("operation", [each for each in ALL if each.declared], ids=str)
def test_a_hostile_header_is_refused_and_named(stranger: Person, admin: Person, operation: Operation) -> None:
    caller, body = admin if operation.for_admins else stranger, json.dumps(operation.example).encode()
    for name, schema in operation.declared.items():
        for value in HOSTILE_HEADERS:
            response = _sends(caller, operation, body if operation.body else None, **{name: value})
            if not re.search(schema.get("pattern", ""), value):
                problem(response, 400, name)
            assert response.status_code < 500, f"{name}: {value!r:.80}: {response.status_code} {response.text[:300]}"
            if response.status_code >= 400:
                problem(response, response.status_code)
        for value in MALFORMED_HEADERS:
            # That is no HTTP, so whoever reads it first refuses it in their own words.
            assert _sends(caller, operation, body if operation.body else None, **{name: value}).status_code == 400


def test_a_hostile_cover_is_refused_and_the_listing_stays_as_it_is(seller: Person, book: Json) -> None:
    cover = next(each for each in ALL if str(each) == "PUT /books/{id}/cover")
    before = seller.reads(f"/books/{book['id']}")
    for content, status in HOSTILE_COVERS:
        for kind in ("image/png", "application/json"):
            problem(_sends(seller, cover, content, cover.about(book["id"]), **{"Content-Type": kind}), status)
    assert seller.reads(f"/books/{book['id']}") == before


@pytest.mark.parametrize("format", ["csv", "onix"])
def test_a_hostile_part_of_a_file_breaks_nothing_and_lists_nothing(harry: Person, format: str) -> None:
    part = next(each for each in ALL if str(each) == "PUT /imports/{id}/parts/{number}")

    def checked(content: bytes) -> Json:
        """What comes of a file."""
        path = f"/imports/{answer(harry.send('POST', '/imports', {'format': format, 'parts': 1}), 201)['id']}"
        for number in ("0", "2", "-1", "1e0", "9" * 30, "%00"):
            problem(_sends(harry, part, content, f"{path}/parts/{number}"), 404)
        for refused, status in ((b"", 400), (b"x" * (2**20 + 1), 413)):
            problem(_sends(harry, part, refused, f"{path}/parts/1"), status)
        assert _sends(harry, part, content, f"{path}/parts/1").status_code == 200
        ended = eventually(lambda: _ended(harry, path), within=30, what="the end of a check")
        assert harry.send("DELETE", path).status_code == 204
        return ended

    for content in HOSTILE_PARTS:
        found = checked(content)
        assert found["status"] == "failed" or found["check"]["new"] == 0, f"{content!r:.80}: {found}"


@pytest.mark.parametrize(
    ("method", "path", "body", "fields"), WRONG_FIELDS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_wrong_field_is_named_at_once(
    stranger: Person, method: str, path: str, body: Json, fields: list[str]
) -> None:
    problem(stranger.send(method, path, body, **new_key(), **{"If-Match": '"1"'}), 400, *fields)


@pytest.mark.parametrize(
    ("path", "fields"), WRONG_PARAMETERS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_wrong_parameter_is_named_at_once(stranger: Person, path: str, fields: list[str]) -> None:
    problem(stranger.send("GET", path), 400, *fields)


@pytest.mark.parametrize("path", ["/books/{}", "/orders/{}"])
@pytest.mark.parametrize("name", [NO_ID, "no%20such%20thing", "%F0%9F%93%9A", "a'b", "x" * 3000, "..%2f", "%00"])
def test_what_does_not_exist_is_not_found(stranger: Person, path: str, name: str) -> None:
    problem(stranger.send("GET", path.format(name)), 404)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_change_needs_the_version_that_was_read(seller: Person, book: Json, method: str) -> None:
    path, body = f"/books/{book['id']}", {**BOOK} if method == "PUT" else None
    problem(seller.send(method, path, body), 428)
    problem(seller.send(method, path, body, **{"If-Match": "yesterday"}), 400, "If-Match")
    problem(seller.send(method, path, body, **{"If-Match": '"99-5"'}), 412)


def test_whoever_replaces_a_book_must_have_read_it(seller: Person, book: Json) -> None:
    problem(seller.send("PUT", f"/books/{book['id']}", BOOK, **{"If-Match": "*"}), 400, "If-Match")


@pytest.mark.parametrize("path", NEEDS_A_KEY)
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": ""}, {"Idempotency-Key": "k" * 256}])
def test_a_purchase_needs_a_key(stranger: Person, path: str, headers: dict[str, str]) -> None:
    body = {"method": "pse"} if path.endswith("/pay") else basket({"id": NO_ID})
    problem(stranger.send("POST", path, body, **headers), 400, "Idempotency-Key")


def test_a_key_belongs_to_one_body(buyer: Person, book: Json) -> None:
    key = new_key()
    assert buyer.send("POST", "/orders", basket(book), **key).status_code == 201
    problem(buyer.send("POST", "/orders", basket(book, quantity=2), **key), 422, "Idempotency-Key")


def test_an_order_of_what_nobody_sells_names_the_item(buyer: Person, book: Json) -> None:
    refused = problem(buyer.send("POST", "/orders", basket(book, {"id": NO_ID}), **new_key()), 409, "items[1]")
    assert refused.json()["items"][0]["book_id"] == NO_ID
    too_many = problem(buyer.send("POST", "/orders", basket(book, quantity=6), **new_key()), 409, "items[0]")
    assert too_many.json()["items"][0]["available"] == 5


def test_an_order_can_only_do_what_its_state_allows(seller: Person, buyer: Person, book: Json) -> None:
    order = buyer.orders(book)
    path = f"/orders/{order['id']}"
    problem(seller.send("POST", f"{path}/ship"), 409)
    problem(seller.send("POST", f"{path}/refund"), 409)
    assert buyer.send("POST", f"{path}/cancel").status_code == 200
    problem(buyer.pays(order), 409)


def test_a_taken_address_and_a_wrong_password_are_told(shop: Shop, stranger: Person) -> None:
    email = stranger.session["user"]["email"]
    again = {"email": email.upper(), "password": "another long pass phrase", "name": "Somebody"}
    problem(shop.send("POST", "/auth/register", again), 409)
    problem(shop.send("POST", "/auth/login", {"email": email, "password": "a wrong pass phrase"}), 401)


@pytest.mark.parametrize(("path", "methods"), allowed_methods().items())
def test_a_path_says_which_methods_it_serves(shop: Shop, path: str, methods: set[str]) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
        refused = problem(shop.send(method, path.replace("{id}", NO_ID)), 405)
        assert set(refused.headers["Allow"].split(", ")) == methods


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/books/a/b/c", "/orders/", "/sync-inventory", "/expire-orders"])
def test_a_path_that_no_function_serves_is_not_found(shop: Shop, path: str) -> None:
    problem(shop.send("GET", path), 404)
    problem(shop.send("POST", path, {}), 404)


def _ended(person: Person, path: str) -> Json | None:
    """An import whose file has been read."""
    found = person.reads(path)
    return found if found["status"] in {"checked", "failed"} else None


def _sends(person: Person, operation: Operation, data: Any, path: str = "", **headers: str) -> requests.Response:
    """Send a body as it is."""
    token = {"Authorization": f"Bearer {person.session['access_token']}", "Content-Type": "application/json"}
    everything = {**token, **operation.needed_headers, **headers}
    url = f"{person.shop.url}/api{path or operation.call[1]}"
    return requests.request(operation.method, url, data=data, headers=everything, timeout=15)


def _sent_by(person: Person, operation: Operation, sent: list[tuple[str, Any, bytes]]) -> Iterator[tuple[Any, ...]]:
    """Send bodies side by side; with each field and value the response."""
    with ThreadPoolExecutor(8) as pool:
        responses = pool.map(lambda one: _patiently(person, operation, one[2]), sent)
        yield from ((place, value, response) for (place, value, _), response in zip(sent, responses, strict=True))


def _patiently(person: Person, operation: Operation, data: bytes, path: str = "") -> requests.Response:
    """Send a body, again after a while where a client may only send so many a minute."""
    while True:
        response = _sends(person, operation, data if operation.body else None, path=path)
        if response.status_code != 429 or response.headers["Retry-After"] != "10":
            return response
        time.sleep(5)


def _pieces() -> Iterator[bytes]:
    for start in range(0, len(TOO_LARGE), 10_000):
        yield TOO_LARGE[start : start + 10_000]
