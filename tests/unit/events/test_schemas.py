"""Publishers and consumers are held to the same JSON Schemas."""

import copy
import json
from pathlib import Path

import jsonschema_rs
import pytest

from bookstore.events.envelope import Event
from bookstore.events.incoming import event_of
from bookstore.events.payloads import DATA_OF, check

FOLDER = Path(__file__).parents[3] / "bookstore" / "events" / "schemas"
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}
REGISTRY = jsonschema_rs.Registry([(schema["$id"], schema) for schema in SCHEMAS.values()])

BOOK = {
    "book_id": "b-1",
    "seller_id": "u-1",
    "seller_name": "Ana",
    "title": "Cien años de soledad",
    "price_cents": 1999,
    "currency": "USD",
    "stock_supplied": 3,
    "version": 1,
}
ITEM = {"book_id": "b-1", "seller_id": "u-1", "quantity": 2, "price_cents": 1999, "title": "Cien años de soledad"}
ORDER = {
    "order_id": "o-1",
    "buyer_id": "u-2",
    "status": "paid",
    "items": [ITEM],
    "total_cents": 3998,
    "currency": "USD",
    "version": 2,
}
ACT = {
    "admin_id": "u-9",
    "admin_name": "Root",
    "act": "update_book",
    "target_kind": "book",
    "target_id": "b-1",
    "details": {"seller_id": "u-1"},
}
DATA = {
    "book.created": BOOK,
    "book.updated": BOOK,
    "book.deleted": {"book_id": "b-1", "seller_id": "u-1", "stock_supplied": 0, "version": 3},
    "import.due": {"import_id": "i-1", "version": 4},
    "stock.changed": {"book_id": "b-1", "available": 1, "version": 7},
    "order.placed": ORDER,
    "order.paid": {**ORDER, "payment": {"status": "due"}},
    "order.shipped": {**ORDER, "shipment": {"seller_id": "u-1"}},
    "order.cancelled": ORDER,
    "order.refunded": {**ORDER, "items": [{**ITEM, "taken_back": 1}], "shipment": {"seller_id": "u-1"}},
    "order.expired": ORDER,
    "wish.available": {"user_id": "u-2", "book_id": "b-1", "title": "Emma", "price_cents": 1299, "currency": "USD"},
    "user.renamed": {"user_id": "u-1", "name": "Ana María", "version": 2},
    "user.deleted": {"user_id": "u-1"},
    "catalog.administered": ACT,
    "orders.administered": ACT,
}


class Call:
    def __init__(self, body: bytes) -> None:
        self.body = body


def example(type_: str) -> Event:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    return Event(type=type_, subject="b-1", version=1, data=DATA[type_], trace=trace)


def valid(type_: str, event: object) -> bool:
    validator = jsonschema_rs.validator_for(SCHEMAS[type_], registry=REGISTRY, validate_formats=True)
    return validator.is_valid(event)


def accepted(event: dict) -> bool:
    try:
        check(Event.from_json(json.dumps(event)))
    except ValueError:
        return False
    return True


def damaged(value: object, path: tuple = ()) -> list[tuple]:
    """Where something can be left out or replaced by something of another kind."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, child in children for deeper in damaged(child, (*path, key)))]


def test_every_type_has_a_schema_and_every_schema_a_use():
    assert set(SCHEMAS) == set(DATA_OF) | {"envelope", "book", "order", "act"}


@pytest.mark.parametrize("type_", DATA_OF)
def test_what_is_published_conforms_to_its_schema(type_):
    event = example(type_)
    check(event)
    assert valid(type_, json.loads(event.to_json()))


@pytest.mark.parametrize("type_", DATA_OF)
def test_a_consumer_reads_back_what_was_published(type_):
    event = example(type_)
    assert event_of(Call(event.to_json())) == event


@pytest.mark.parametrize("type_", DATA_OF)
@pytest.mark.parametrize("wrong", [None, "text", -1, 1.5, {}, []], ids=repr)
def test_schema_and_consumer_agree_on_what_is_wrong_in_the_data(type_, wrong):
    whole = json.loads(example(type_).to_json())
    for *parents, last in damaged(whole["data"])[1:]:
        event = copy.deepcopy(whole)
        target = event["data"]
        for key in parents:
            target = target[key]
        target[last] = wrong
        assert accepted(event) == valid(type_, event), (parents, last, wrong)


@pytest.mark.parametrize("type_", DATA_OF)
def test_schema_and_consumer_agree_on_what_may_be_missing(type_):
    for name in ("id", "type", "subject", "time", "aggregateversion", "data", "specversion", "traceparent"):
        event = json.loads(example(type_).to_json())
        del event[name]
        assert accepted(event) == valid(type_, event), name
    for name in DATA[type_]:
        event = json.loads(example(type_).to_json())
        del event["data"][name]
        assert accepted(event) == valid(type_, event), name
