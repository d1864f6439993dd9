"""What the connector writes on a message, and how it proves who calls."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from faas.connector.gateway import reason, seconds_until
from faas.connector.messages import Message
from faas.connector.names import Exchanges
from faas.connector.retries import DELAYS
from faas.connector.settings import Settings
from faas.connector.signatures import signed

BATCH = "application/cloudevents-batch+json"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def delivered(routing_key="book.created", message_id="e-1", headers=None, body=b"{}"):
    return Message.delivered(
        tag=1, routing_key=routing_key, message_id=message_id, content_type=None, headers=headers, body=body
    )


def test_a_retried_message_keeps_its_topic_and_counts_its_attempts():
    first = delivered(headers={"traceparent": "00-1"}).failed("503 away")
    again = delivered("fn.sync", headers=first.sent_headers).failed("503 still away")
    assert again.topic == "book.created"
    assert again.attempts == 2
    assert again.headers["traceparent"] == "00-1"
    assert again.headers["x-last-error"] == "503 still away"


def event(number, topic="book.created", headers=None):
    body = b'{"id": "e-%d"}' % number
    return Message.delivered(
        tag=number,
        routing_key=topic,
        message_id=f"e-{number}",
        content_type="application/cloudevents+json",
        headers=headers,
        body=body,
    )


def test_a_batch_is_an_array_of_its_events_and_names_their_topics_once():
    batch = Message.batch([event(1, "book.updated"), event(2), event(3)])
    assert json.loads(batch.body) == [{"id": "e-1"}, {"id": "e-2"}, {"id": "e-3"}]
    assert (batch.topic, batch.content_type) == ("book.created,book.updated", "application/cloudevents-batch+json")
    assert batch.id == Message.batch([event(1, "book.updated"), event(2), event(3)]).id


def test_the_events_of_a_batch_are_messages_of_their_own_from_the_same_delivery():
    bodies = [{"id": "a", "traceparent": "00-1", "data": {"title": "Ä"}}, {"id": "b"}]
    batch = Message("book.created", "x", json.dumps(bodies).encode(), BATCH, {"traceparent": "00-0", "n": 1}, 7)
    first, second = batch.events()
    assert (first.id, json.loads(first.body), first.tag, first.topic) == ("a", bodies[0], 7, "book.created")
    assert [event.headers["traceparent"] for event in (first, second)] == ["00-1", None]
    assert first.may_be_batched


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"7", b"[1]", b'["a"]', b"[{}]", b'[{"id": "\\ud800"}]', b"[[[["])
def test_a_batch_that_is_none_is_one_message(body):
    batch = Message("book.created", "x", body, BATCH)
    assert batch.events() == [batch]


def test_only_events_whose_call_has_not_failed_may_be_batched():
    assert event(1).may_be_batched
    assert not event(1).failed("503").may_be_batched
    assert not delivered().may_be_batched


def test_a_dead_letter_tells_its_story():
    dead = delivered(headers={"x-attempts": 3}).dead("422 no such book", function="sync", at=NOW)
    assert dead.sent_headers == {
        "x-attempts": 4,
        "x-topic": "book.created",
        "x-dead-reason": "422 no such book",
        "x-dead-function": "sync",
        "x-dead-at": "2026-01-02T03:04:05+00:00",
    }


def test_a_message_without_an_id_has_the_same_one_at_every_delivery():
    first = delivered(message_id=None)
    again = delivered("fn.sync", None, headers=first.failed("503").sent_headers)
    assert first.id == again.id
    assert first.id != delivered(message_id=None, body=b"other").id


@pytest.mark.parametrize("count", ["many", None, 1.5])
def test_a_foreign_count_of_attempts_counts_for_nothing(count):
    assert delivered(headers={"x-attempts": count}).attempts == 0


def test_the_signature_covers_time_id_and_body():
    headers = signed(b'{"a":1}', event_id="e-1", at=1_700_000_000, key="secret")
    expected = hmac.new(b"secret", b'1700000000.e-1.{"a":1}', hashlib.sha256).hexdigest()
    assert headers == {
        "X-Event-Id": "e-1",
        "X-Event-Time": "1700000000",
        "X-Event-Signature": f"sha256={expected}",
    }


def test_all_exchanges_are_named_after_the_events():
    exchanges = Exchanges("shop.events")
    assert (exchanges.unrouted, exchanges.retry, exchanges.delay(DELAYS[0])) == (
        "shop.unrouted",
        "shop.retry",
        "shop.delay.1s",
    )


def test_the_reason_is_the_detail_of_a_problem():
    assert reason(b'{"title":"Conflict","detail":"It is gone."}') == "It is gone."


@pytest.mark.parametrize("body", [b"plain text\n", b'"quoted"', b"[1]", b"\xff{"])
def test_without_a_problem_the_reason_is_what_was_answered(body):
    assert reason(body) == body.decode(errors="replace").strip()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("3", 3),
        ("Fri, 02 Jan 2026 03:05:05 GMT", 60),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 0),
        ("soon", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header, expected):
    assert seconds_until(header, NOW) == expected


def test_a_connector_without_its_settings_names_what_is_missing(tmp_path):
    with pytest.raises(SystemExit, match="EVENTS_EXCHANGE"):
        Settings.read({"SECRETS_DIR": str(tmp_path)})
    with pytest.raises(SystemExit, match="rabbitmq-connector"):
        Settings.read({"SECRETS_DIR": str(tmp_path), "EVENTS_EXCHANGE": "shop.events"})
