"""The door to the API, against a server of this process."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from client.api import Answer, ApiError, Call, Caller, HttpApi, at

CALLER = Caller("192.0.2.7", "call-1")


class Server(HTTPServer):
    """Answers in turn what it was told, and keeps what it was asked."""

    answers: list[tuple[int, dict[str, str], bytes]]
    asked: list[dict[str, Any]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        entry = {"path": self.path, "headers": dict(self.headers), "body": self.rfile.read(length)}
        self.server.asked.append(entry)
        status, headers, body = self.server.answers.pop(0)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_GET

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.answers, made.asked = [], []
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def door(server):
    return HttpApi(f"http://127.0.0.1:{server.server_port}/api")


def test_a_call_carries_the_token_the_key_the_version_and_the_shoppers_address(server, door):
    server.answers = [(200, {"ETag": '"3-1"'}, b'{"id": "b1"}')]
    call = Call("PUT", at("books", "b1"), body={"a": 1}, token="t", if_match='"2-1"', key="k")
    assert door.send(call, CALLER) == Answer({"id": "b1"}, '"3-1"')
    asked = server.asked[0]
    assert asked["path"] == "/api/books/b1"
    assert json.loads(asked["body"]) == {"a": 1}
    expected = {
        "Authorization": "Bearer t",
        "Idempotency-Key": "k",
        "If-Match": '"2-1"',
        "X-Forwarded-For": "192.0.2.7",
        "X-Call-Id": "call-1",
    }
    assert expected.items() <= asked["headers"].items()


def test_only_who_is_not_signed_in_takes_what_was_kept_for_everybody(server, door):
    server.answers = 2 * [(200, {}, b"{}")]
    for signed_in in (False, True):
        door.send(Call("GET", "/books"), replace(CALLER, signed_in=signed_in))
    assert [asked["headers"].get("Cache-Control") for asked in server.asked] == [None, "no-cache"]


def test_what_must_be_as_it_is_now_is_asked_for_so(server, door):
    server.answers = [(200, {}, b"{}")]
    door.send(Call("GET", "/books/b1", fresh=True), CALLER)
    assert server.asked[0]["headers"]["Cache-Control"] == "no-cache"


def test_a_problem_becomes_an_error_with_its_fields_and_its_pause(server, door):
    problem = {"title": "x", "detail": "Not valid: price_cents.", "errors": [{"field": "price_cents", "message": "no"}]}
    server.answers = [(429, {"Retry-After": "7"}, json.dumps(problem).encode())]
    with pytest.raises(ApiError) as caught:
        door.send(Call("POST", "/books", body={}), CALLER)
    error = caught.value
    assert (error.status, str(error)) == (429, "Not valid: price_cents.")
    assert (error.fields, error.retry_after) == ({"price_cents": "no"}, 7)


def test_an_answer_that_is_not_a_problem_shows_nothing_of_its_text(server, door):
    server.answers = [(500, {}, b"<html>Traceback: secret</html>")]
    with pytest.raises(ApiError) as caught:
        door.send(Call("POST", "/orders", body={}), CALLER)
    assert "secret" not in str(caught.value)
    assert caught.value.is_open


def test_reading_is_tried_again_and_writing_is_not(server, door):
    server.answers = [(503, {}, b""), (200, {}, b"{}"), (503, {}, b""), (201, {}, b"{}")]
    assert door.send(Call("GET", "/books"), CALLER).body == {}
    with pytest.raises(ApiError):
        door.send(Call("POST", "/orders", body={}), CALLER)
    assert len(server.asked) == 3


def test_an_api_that_cannot_be_reached_is_an_open_503():
    with pytest.raises(ApiError) as caught:
        HttpApi("http://127.0.0.1:1/api").send(Call("POST", "/orders", body={}), CALLER)
    assert caught.value.status == 503
    assert caught.value.is_open


def test_calls_side_by_side_are_answered_in_their_order_with_errors_among_them(server, door):
    server.answers = [(404, {}, b"{}")] * 3
    answers = door.send_all([Call("GET", f"/books/{number}") for number in range(3)], CALLER)
    assert [answer.status for answer in answers] == [404, 404, 404]


def test_an_id_from_a_browser_cannot_reach_another_path():
    assert at("books", "../orders/1?x=/y") == "/books/..%2Forders%2F1%3Fx%3D%2Fy"
