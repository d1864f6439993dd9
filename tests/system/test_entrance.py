"""What the entrance itself refuses, before any function sees it."""

import json
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from tests.live import Stack
from tests.system.containers import run_inside

# Runs inside the stack's network, whose members are believed about their clients' addresses.
KNOCK = """
import http.client, json, sys
gateway = http.client.HTTPConnection("gateway", 8000)
def knock(address):
    headers = {"X-Forwarded-For": address, "Content-Type": "application/json"}
    gateway.request("POST", "/api/auth/login", "{}", headers)
    answer = gateway.getresponse()
    return answer.status, answer.getheader("Retry-After"), answer.read().decode()
print(json.dumps({"many": [knock("203.0.113.7") for _ in range(125)], "other": knock("203.0.113.8")}))
"""


def _asks(port: int, path: str, method: str = "GET") -> tuple[HTTPResponse, Any]:
    """Send a path as it is: the usual clients would clean it first."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_accept_encoding=True)
    connection.putheader("Content-Length", "0")
    connection.endheaders()
    response = connection.getresponse()
    return response, json.loads(response.read() or b"null")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path",
    ["//api/books", "/api//books", "/api/../api/books", "/api/./books", "/api/books/%2e%2e/orders", "/api/books/.."],
)
def test_a_path_with_empty_or_dot_segments_is_refused(stack: Stack, method: str, path: str) -> None:
    response, document = _asks(stack.shop_port, path, method)
    assert (response.status, document["status"]) == (400, 400)
    assert response.getheader("Content-Type") == "application/problem+json"


@pytest.mark.parametrize("path", ["//system/functions", "/function/../system/info", "/function//api-docs"])
def test_the_operators_entrance_refuses_them_too(stack: Stack, path: str) -> None:
    assert _asks(stack.gateway_port, path)[0].status == 400


def test_sign_in_is_limited_for_each_client(stack: Stack) -> None:
    knocks = json.loads(run_inside(stack.network, KNOCK))
    statuses = [status for status, _, _ in knocks["many"]]
    assert statuses == [400] * 120 + [429] * 5
    _, wait, text = knocks["many"][-1]
    assert int(wait) > 0
    assert json.loads(text)["status"] == 429
    assert knocks["other"][0] == 400
