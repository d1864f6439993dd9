"""The envelope, and how an event comes in from a connector's call."""

import json

import pytest

from bookstore.errors import Unprocessable
from bookstore.events.envelope import Event, trace_of
from bookstore.events.incoming import event_of

STOCK = {"book_id": "b-1", "available": 1, "version": 7}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Call:
    def __init__(self, body: bytes) -> None:
        self.body = body


def test_an_event_names_the_domain_that_it_comes_from():
    def source(type_):
        return json.loads(Event(type=type_, subject="x", version=1, data={}).to_json())["source"]

    assert source("book.created") == "/bookstore/catalog"
    assert source("wish.available") == "/bookstore/catalog"
    assert source("stock.changed") == "/bookstore/orders"
    assert source("order.paid") == "/bookstore/orders"


def test_an_event_without_a_trace_says_nothing_about_it():
    assert "traceparent" not in json.loads(Event(type="stock.changed", subject="b", version=1, data={}).to_json())


def test_every_event_has_an_id_and_a_time_of_its_own():
    first, second = (Event(type="stock.changed", subject="b", version=1, data={}) for _ in range(2))
    assert first.id < second.id
    assert first.time.tzinfo is not None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"{}", b"\xff", b"null"])
def test_a_call_that_holds_no_event_is_set_aside(body):
    with pytest.raises(Unprocessable):
        event_of(Call(body))


def test_an_event_of_an_unknown_type_is_set_aside():
    event = Event(type="book.burned", subject="b", version=1, data=STOCK)
    with pytest.raises(Unprocessable, match=r"book\.burned"):
        event_of(Call(event.to_json()))


def test_the_reason_names_the_field_and_never_its_value():
    event = Event(type="stock.changed", subject="b", version=1, data={**STOCK, "available": "a secret"})
    with pytest.raises(Unprocessable) as refused:
        event_of(Call(event.to_json()))
    assert "available" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_the_trace_of_a_request_is_the_one_it_came_with():
    assert trace_of({"traceparent": TRACE}) == TRACE


def test_without_a_trace_the_request_id_becomes_one():
    trace = trace_of({"X-Call-Id": "0AF76519-16cd-43dd-8448-eb211c80319c"})
    assert trace.startswith("00-0af7651916cd43dd8448eb211c80319c-")


@pytest.mark.parametrize("headers", [{}, {"traceparent": "nonsense"}, {"X-Call-Id": "7"}, {"X-Call-Id": "0" * 32}])
def test_a_request_that_tells_nothing_gets_a_new_trace(headers):
    trace = trace_of(headers)
    assert trace != trace_of(headers)
    assert (
        Event.from_json(Event(type="stock.changed", subject="b", version=1, data=STOCK, trace=trace).to_json()).trace
        == trace
    )
