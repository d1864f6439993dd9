"""A handler written for OpenFaaS' python3-http runs unchanged, and errors become problem+json."""

import hashlib
import hmac
import json
import threading
import time
from io import BytesIO

import pytest
from werkzeug.test import EnvironBuilder
from workload import app, signature
from workload.settings import Settings


class Refused(Exception):
    status = 409
    headers = {"Retry-After": "3"}  # noqa: RUF012
    extra = {"left": 2}  # noqa: RUF012
    errors = [{"field": "items[0]", "message": "is sold out"}]  # noqa: RUF012


def application(handler, **changed):
    given = {"name": "echo", "max_inflight": 2, "exec_timeout": 5.0, "max_body": 100, "drain": 3.0} | changed
    return app.Application(handler, Settings(**given))


def call(handler, path="/", *, settings=None, **request):
    environ = EnvironBuilder(path=path, **request).get_environ()
    environ["wsgi.input"] = BytesIO(request.get("data", b""))
    return respond(application(handler, **(settings or {})), environ)


def respond(application, environ):
    seen = {}
    body = b"".join(application(environ, lambda status, headers: seen.update(status=status, headers=dict(headers))))
    return int(seen["status"].split()[0]), seen["headers"], body


@pytest.mark.parametrize(
    ("returned", "status", "content_type", "body"),
    [
        ({"statusCode": 201, "body": {"a": "ñ"}}, 201, "application/json", b'{"a":"\\u00f1"}\n'),
        ({"statusCode": "404", "body": "no"}, 404, "text/html; charset=utf-8", b"no"),
        ({"statusCode": None, "body": "yes"}, 200, "text/html; charset=utf-8", b"yes"),
        ({"unknown": 1}, 200, "text/html; charset=utf-8", b""),
        ({"body": [1, 2]}, 200, "text/html; charset=utf-8", b"[1, 2]"),
        ({"body": b"\x00\xff"}, 200, "text/html; charset=utf-8", b"\x00\xff"),
        ({"body": "x", "headers": {"content-type": "text/plain"}}, 200, None, b"x"),
        (None, 200, "text/html; charset=utf-8", b""),
        ("text", 200, "text/html; charset=utf-8", b"text"),
        ([1, 2], 200, "application/json", b"[1,2]\n"),
        (("made", 201, {"X-A": "1"}), 201, "text/html; charset=utf-8", b"made"),
    ],
)
def test_what_a_handler_returns_becomes_the_response(returned, status, content_type, body):
    answered, headers, content = call(lambda event, context: returned)
    assert (answered, headers.get("Content-Type"), content) == (status, content_type, body)


def test_a_header_may_be_repeated():
    both = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    sent = []
    environ = EnvironBuilder().get_environ()
    list(application(lambda event, context: {"headers": both})(environ, lambda status, headers: sent.extend(headers)))
    assert [value for name, value in sent if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_a_handler_sees_the_request_in_the_official_types():
    seen = {}

    def handler(event, context):
        seen.update(body=event.body, method=event.method, path=event.path, all=event.query.getlist("a"))
        seen.update(header=event.headers["x-thing"], first=event.query["a"], host=bool(context.hostname))

    call(handler, "/ñ/1", method="PUT", data=b"in", query_string="a=1&a=%C3%B1", headers={"X-Thing": "7"})
    assert seen == {
        "body": b"in", "method": "PUT", "path": "/ñ/1", "all": ["1", "ñ"], "header": "7", "first": "1", "host": True,
    }  # fmt: skip


def test_a_missing_query_parameter_is_the_callers_mistake():
    assert call(lambda event, context: event.query["x"])[0] == 400


def test_an_error_with_a_status_tells_everything_it_carries():
    def handler(event, context):
        raise Refused("Sold out.")

    status, headers, body = call(handler, headers={"X-Call-Id": "id-1"})
    assert (status, headers["Retry-After"], headers["X-Call-Id"]) == (409, "3", "id-1")
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body) == {
        "type": "about:blank", "title": "Conflict", "status": 409, "detail": "Sold out.", "left": 2,
        "errors": [{"field": "items[0]", "message": "is sold out"}], "request_id": "id-1",
    }  # fmt: skip


def test_a_fault_is_told_to_the_log_and_not_to_the_caller():
    status, _, body = call(lambda event, context: {}["password=1"])
    assert status == 500
    assert b"password" not in body


@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 200), ("TRACE", 405)])
def test_other_methods_do_not_reach_the_handler(method, status):
    answered, headers, _ = call(lambda event, context: pytest.fail("called"), method=method)
    assert answered == status
    assert "PATCH" in headers["Allow"]


def test_head_has_no_body():
    assert call(lambda event, context: "text", method="HEAD")[2] == b""


def test_a_body_past_the_limit_is_refused_also_without_a_length():
    environ = EnvironBuilder(method="POST").get_environ()
    environ.pop("CONTENT_LENGTH", None)
    environ["wsgi.input"] = BytesIO(b"x" * 101)
    assert respond(application(lambda event, context: "in"), environ)[0] == 413
    assert call(lambda event, context: event.body, method="POST", data=b"x" * 100)[0] == 200


def test_calls_past_the_limit_are_told_to_come_back():
    going = threading.Event()
    busy = application(lambda event, context: going.wait(5) and "done", max_inflight=1)
    answers = []
    first = threading.Thread(target=lambda: answers.append(respond(busy, EnvironBuilder().get_environ())[0]))
    first.start()
    time.sleep(0.05)
    status, headers, _ = respond(busy, EnvironBuilder().get_environ())
    going.set()
    first.join()
    assert (status, headers["Retry-After"], answers) == (429, "1", [200])


def test_a_call_that_takes_too_long_is_answered_in_time_and_keeps_its_place():
    going = threading.Event()
    slow = application(lambda event, context: going.wait(5) and "done", max_inflight=1, exec_timeout=0.05)
    assert respond(slow, EnvironBuilder().get_environ())[0] == 504
    assert respond(slow, EnvironBuilder().get_environ())[0] == 429
    going.set()
    time.sleep(0.05)
    assert respond(slow, EnvironBuilder().get_environ())[0] == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [("echo", 200), ("echo:8080", 200), ("10.0.1.7:8080", 200), ("localhost", 200), ("other", 503)],
)
def test_a_gateway_that_looks_for_another_function_finds_it_not_ready(host, status):
    assert call(lambda event, context: "", "/_/ready", headers={"Host": host})[0] == status


def test_health_needs_no_handler():
    assert call(lambda event, context: pytest.fail("called"), "/_/health")[0] == 200


def sign(body, *, key=b"key", at=None, event_id="e1"):
    moment = str(int(time.time()) if at is None else at)
    digest = hmac.new(key, f"{moment}.{event_id}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Event-Id": event_id, "X-Event-Time": moment, "X-Event-Signature": f"sha256={digest}"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (sign(b"in"), 200),
        ({}, 403),
        (sign(b"other"), 403),
        (sign(b"in", key=b"guess"), 403),
        (sign(b"in", at=int(time.time()) - 301), 403),
        ({**sign(b"in"), "X-Event-Id": "e2"}, 403),
        ({**sign(b"in"), "X-Event-Signature": "sha256=ü"}, 403),
        ({**sign(b"in"), "X-Event-Time": "²"}, 403),
    ],
)
def test_a_private_function_takes_signed_calls_only(monkeypatch, headers, status):
    monkeypatch.setattr(app, "signing_key", lambda: b"key")
    assert call(lambda event, context: "in", method="POST", data=b"in", headers=headers)[0] == status


def test_a_function_without_the_key_is_open(tmp_path, monkeypatch):
    monkeypatch.setattr(signature, "KEY_FILE", tmp_path / "absent")
    signature.signing_key.cache_clear()
    assert signature.signing_key() is None
    signature.signing_key.cache_clear()
