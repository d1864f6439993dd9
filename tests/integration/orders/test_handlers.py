"""The functions of orders as OpenFaaS calls them: requests in, answers and errors out."""

import importlib.util
import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from werkzeug.datastructures import Headers, ImmutableMultiDict

from bookstore.errors import (
    BadRequest,
    BookstoreError,
    Forbidden,
    InvalidFields,
    Unauthorized,
    Unprocessable,
    UnsupportedMediaType,
)
from bookstore.identity import ALGORITHM, AUDIENCE, ISSUER
from bookstore.secrets import secret
from tests.integration.orders.market import Market, book_event

FUNCTIONS = Path(__file__).parents[3] / "functions"
PUBLIC = (
    *("place-order", "get-order", "list-orders", "pay-order", "cancel-order", "ship-order", "refund-order"),
    *("quote-order", "list-addresses", "create-address", "update-address", "delete-address", "list-payments"),
    *("correct-stock", "list-movements", "audit-orders"),
)
BASKET = {"items": [{"book_id": "b1", "quantity": 1}], "delivery": {"method": "pickup"}}
CARD = {"number": "4242424242424242", "expiry": "12/60", "cvc": "123", "name": "Ann"}


def call(function: str, path: str = "/", *, body: Any = None, query: Any = (), **headers: str) -> dict[str, Any]:
    """Call a function as the template does; `body` is sent as JSON unless it is bytes."""
    spec = importlib.util.spec_from_file_location("handler", FUNCTIONS / function / "handler.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    sent = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    sent.setdefault("Content-Type", "application/json")
    event = SimpleNamespace(body=raw, headers=sent, query=ImmutableMultiDict(query), path=path, method="POST")
    answer: dict[str, Any] = module.handle(event, SimpleNamespace(hostname="test"))
    return answer


def bearer(name: str, role: str = "user") -> str:
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": name, "jti": "j", "name": name.title(), "role": role}
    now = int(time.time())
    signed = jwt.encode(claims | {"iat": now, "exp": now + 60}, secret("jwt-private-key"), algorithm=ALGORITHM)
    return f"Bearer {signed}"


@pytest.fixture
def book(market: Market) -> Market:
    market.supply("b1", 5)
    return market


def test_a_whole_purchase_through_the_functions(book: Market):
    ann, sam = bearer("ann"), bearer("sam")
    placed = call("place-order", body=BASKET, Authorization=ann, Idempotency_Key="k1")
    path = f"/{placed['body']['id']}"
    assert (placed["statusCode"], placed["headers"]["Location"]) == (201, f"/api/orders{path}")
    paying = {"method": "card", "card": CARD}
    paid = call("pay-order", path, body=paying, Authorization=ann, Idempotency_Key="k2")
    assert (paid["statusCode"], paid["body"]["status"]) == (200, "paid")
    assert call("ship-order", path, body={"tracking": "T-1"}, Authorization=sam)["body"]["status"] == "shipped"
    assert call("refund-order", path, Authorization=sam)["body"]["payment"]["status"] == "refunded"
    assert call("get-order", path, Authorization=ann)["body"]["shipments"][0]["tracking"] == "T-1"
    listed = call("list-orders", query=[("role", "seller"), ("limit", "1")], Authorization=sam)
    assert [order["id"] for order in listed["body"]["items"]] == [placed["body"]["id"]]
    other = call("place-order", body=BASKET, Authorization=ann, Idempotency_Key="k3")["body"]["id"]
    assert call("cancel-order", f"/{other}", Authorization=ann)["body"]["status"] == "cancelled"


@pytest.mark.parametrize("function", PUBLIC)
def test_who_is_not_signed_in_hears_that_before_all_else(book: Market, function: str):
    with pytest.raises(Unauthorized):
        call(function, "/../?", body=b"{", query=[("x", "1")])


@pytest.mark.parametrize("function", PUBLIC)
def test_unknown_query_parameters_are_refused(book: Market, function: str):
    with pytest.raises(InvalidFields) as refused:
        call(function, "/o1", query=[("colour", "red")], Authorization=bearer("ann", role="admin"), Idempotency_Key="k")
    assert refused.value.errors[0]["field"] == "colour"


@pytest.mark.parametrize("function", ["place-order", "pay-order"])
def test_a_key_is_required_and_named(book: Market, function: str):
    with pytest.raises(InvalidFields) as refused:
        call(function, "/o1", body=BASKET, Authorization=bearer("ann"))
    assert refused.value.errors[0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"", "application/json", BadRequest),
        (b"[]", "application/json", BadRequest),
        (b'{"items": "\\ud800"}', "application/json", BadRequest),
        (b"{}", "text/plain", UnsupportedMediaType),
        (b"\xff", "application/json", BadRequest),
        (b"[" * 60_000, "application/json", BadRequest),
    ],
)
def test_a_body_that_is_no_basket_changes_nothing(book: Market, body: bytes, kind: str, error: type[BookstoreError]):
    with pytest.raises(error):
        call("place-order", body=body, Content_Type=kind, Authorization=bearer("ann"), Idempotency_Key="k")
    assert book.count("idempotency") == 0


def test_the_catalogs_events_are_taken_in_and_others_are_set_aside(market: Market):
    assert call("sync-inventory", body=book_event("created", "b1", 1, 5).to_json()) == {"statusCode": 204}
    assert market.left("b1") == 5
    with pytest.raises(Unprocessable):
        call("sync-inventory", body=b"{}")


def test_the_timer_ignores_what_it_is_sent(market: Market):
    nothing = {"settled": 0, "expired": 0, "departed": 0, "erased": 0, "failed": 0, "forgotten": 0}
    assert [call("expire-orders", body=sent)["body"] for sent in (b"", b"{", b"{}")] == [nothing] * 3


def test_a_quote_a_saved_address_and_a_tracked_parcel_through_the_functions(book: Market):
    ann, sam = bearer("ann"), bearer("sam")
    address = {"name": "Ann", "line1": "1 High St", "city": "London", "country": "United Kingdom"}
    saved = call("create-address", body=address, Authorization=ann)
    assert saved["statusCode"] == 201
    path = f"/{saved['body']['id']}"
    changed = call("update-address", path, body={**address, "city": "Leeds"}, Authorization=ann)["body"]
    assert call("list-addresses", Authorization=ann)["body"] == {"items": [changed], "next_cursor": None}
    basket = {**BASKET, "delivery": {"method": "standard", "address_id": saved["body"]["id"]}}
    quote = call("quote-order", body=basket, Authorization=ann)["body"]
    order = call("place-order", body=basket, Authorization=ann, Idempotency_Key="k1")["body"]
    assert (order["total_cents"], order["delivery"]["address"]["city"]) == (quote["total_cents"], "Leeds")
    assert call("delete-address", path, Authorization=ann)["statusCode"] == 204
    call("pay-order", f"/{order['id']}", body={"method": "card", "card": CARD}, Authorization=ann, Idempotency_Key="k2")
    parcel = {"tracking": "7", "carrier": "UPS"}
    shipped = call("ship-order", f"/{order['id']}", body=parcel, Authorization=sam)["body"]
    assert shipped["shipments"][0]["tracking_url"] == "https://www.ups.com/track?tracknum=7"


def test_copies_refunded_and_stock_corrected_through_the_functions(book: Market):
    ann, sam = bearer("ann"), bearer("sam")
    basket = {**BASKET, "items": [{"book_id": "b1", "quantity": 3}]}
    path = f"/{call('place-order', body=basket, Authorization=ann, Idempotency_Key='k1')['body']['id']}"
    call("pay-order", path, body={"method": "card", "card": CARD}, Authorization=ann, Idempotency_Key="k2")
    wrong = {"items": [{"book_id": "b1", "quantity": 1}], "restock": False, "reason": "bent corner"}
    for repeatable in (wrong, {"amount_cents": 100}):
        with pytest.raises(InvalidFields) as refused:
            call("refund-order", path, body=repeatable, Authorization=sam)
        assert refused.value.errors[0]["field"] == "Idempotency-Key"
    answers = [call("refund-order", path, body=wrong, Authorization=sam, Idempotency_Key="k3") for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["body"]["items"][0]["taken_back"] == 1
    ledger = call("list-payments", path, Authorization=ann)["body"]["items"]
    told = [(entry["kind"], entry["cents"], entry["actor"], entry["reason"]) for entry in ledger]
    assert told == [
        ("due", 3000, "ann", "paid"),
        ("captured", 3000, "ann", "paid"),
        ("refunded", 1000, "sam", "bent corner"),
    ]
    count = {"quantity": -1, "reason": "stolen"}
    corrected = call("correct-stock", "/b1", body=count, Authorization=sam, Idempotency_Key="k4")
    assert corrected == {"statusCode": 201, "body": {"book_id": "b1", "stock": 1}}
    moves = call("list-movements", "/b1", query=[("limit", "1")], Authorization=sam)["body"]
    assert [(move["kind"], move["reason"]) for move in moves["items"]] == [("corrected", "stolen")]


def test_only_admins_audit(book: Market):
    with pytest.raises(Forbidden):
        call("audit-orders", Authorization=bearer("sam"))
    found = call("audit-orders", Authorization=bearer("root", role="admin"))["body"]
    assert (found["scope"], found["balanced"]) == ("orders", True)
    assert all(line["balanced"] and line["ids"] == [] for line in found["lines"])
