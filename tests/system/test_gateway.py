"""The gateway's API as clients see it: what upstream's contract says, and what is better here."""

import base64
import json
import socket
import time
import uuid
from collections.abc import Iterator

import pytest
import requests

from tests.integration.together import together
from tests.live import Stack
from tests.system.containers import kill
from tests.system.mirrors import Connection, mirror
from tests.system.openfaas import OpenFaas
from tests.system.waiting import eventually

MIRROR, NARROW = "tests-mirror", "tests-narrow"
HOUR = 3600 * 10**9


@pytest.fixture(scope="module")
def echo(openfaas: OpenFaas) -> Iterator[str]:
    """A function that tells what reached it, with one replica for all of these tests."""
    with mirror(openfaas, MIRROR, labels={"com.openfaas.scale.max": "1"}) as name:
        yield name


@pytest.fixture(scope="module")
def narrow(openfaas: OpenFaas) -> Iterator[str]:
    """One that may take one call at a time, of at most a second and with a body of at most a thousand bytes."""
    environment, limit = {"exec_timeout": "1s", "max_inflight": "1"}, {"http.max-body": "1000"}
    with mirror(openfaas, NARROW, envVars=environment, annotations=limit) as name:
        yield name


@pytest.fixture
def connection(stack: Stack) -> Connection:
    """A connection to the gateway."""
    return Connection(stack.gateway_port)


# The operator's paths


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("GET", "/metrics"), ("GET", "/function/"), ("PUT", "/function/a%2fb")],
)
def test_what_no_route_serves_is_404_without_a_challenge(connection: Connection, method: str, path: str) -> None:
    answer = connection.send(method, path)
    assert answer.status == 404
    assert answer.getheader("Content-Type") == "text/plain; charset=utf-8"
    assert answer.read() == b"404 page not found\n"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/system/functions"),
        ("POST", "/system/info"),
        ("GET", "/system/alert"),
        ("HEAD", "/system/functions"),
        ("DELETE", "/system/logs"),
        ("PUT", "/system/scale-function/any"),
        ("POST", "/healthz"),
        ("HEAD", "/healthz"),
        ("POST", "/ui/"),
        ("GET", "/async-function/any"),
    ],
)
def test_a_wrong_method_is_405_and_empty_before_any_challenge(connection: Connection, method: str, path: str) -> None:
    answer = connection.send(method, path)
    assert answer.status == 405
    assert answer.getheader("Allow") is None
    assert answer.getheader("WWW-Authenticate") is None
    assert answer.read() == b""


def test_the_challenge_reads_as_upstreams(connection: Connection) -> None:
    wrong = base64.b64encode(b"admin:wrong").decode()
    for headers in ({}, {"Authorization": f"Basic {wrong}"}, {"Authorization": "Bearer "}):
        answer = connection.send("GET", "/system/functions", headers)
        assert answer.status == 401
        assert answer.getheader("WWW-Authenticate") == 'Basic realm="Restricted"'
        assert answer.getheader("Content-Type") == "text/plain; charset=utf-8"
        assert answer.read() == b"invalid credentials"


@pytest.mark.parametrize("path", ["/", "/ui"])
def test_a_browser_is_led_to_the_operators_page(connection: Connection, path: str) -> None:
    answer = connection.send("GET", path)
    assert (answer.status, answer.getheader("Location")) == (301, "/ui/")


def test_health_needs_no_credentials(connection: Connection) -> None:
    answer = connection.send("GET", "/healthz")
    assert (answer.status, answer.read()) == (200, b"OK")


def test_the_providers_answer_is_nested_in_the_gateways(openfaas: OpenFaas) -> None:
    answer = openfaas.send("GET", "/system/info")
    info = answer.json()
    assert answer.headers["Content-Type"].startswith("application/json")
    assert info.keys() == {"provider", "version", "arch"}
    assert info["provider"].keys() == {"provider", "version", "orchestration"}
    for version in (info["version"], info["provider"]["version"]):
        assert version["release"]
        assert version["sha"]


# What reaches a function


@pytest.mark.parametrize(
    ("called", "seen"),
    [
        ("", "/"),
        ("/", "/"),
        (".openfaas-fn", "/"),
        (".openfaas-fn/a/", "/a/"),
        ("/a/b?c=d", "/a/b?c=d"),
        ("?c=%20d&c=+e", "/?c=%20d&c=+e"),
        ("/a%2Fb%3Fc%25/d;e=f", "/a%2Fb%3Fc%25/d;e=f"),
        ("/function/x/system/functions", "/function/x/system/functions"),
    ],
)
def test_path_and_query_reach_the_function_as_they_were_sent(
    connection: Connection, echo: str, called: str, seen: str
) -> None:
    assert connection.told("GET", f"/function/{echo}{called}").path == seen


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_every_method_reaches_the_function(connection: Connection, echo: str, method: str) -> None:
    assert connection.told(method, f"/function/{echo}/").method == method


def test_the_answer_to_head_is_that_to_get_without_its_body(connection: Connection, echo: str) -> None:
    answer = connection.send("HEAD", f"/function/{echo}/large?4321")
    assert (answer.status, answer.getheader("Content-Length"), answer.read()) == (200, "4321", b"")
    assert connection.told("GET", f"/function/{echo}").method == "GET"


def test_a_call_gets_an_id_and_a_start_that_its_answer_has_too(
    connection: Connection, echo: str, upstream: bool
) -> None:
    answer = connection.send("GET", f"/function/{echo}", {"X-Start-Time": "1"})
    told = json.loads(answer.read())["headers"]
    told = {name.lower(): value for name, value in told}
    assert uuid.UUID(told["x-call-id"]).version == 4
    assert abs(int(told["x-start-time"]) - time.time_ns()) < HOUR
    assert answer.getheader("X-Call-Id") == told["x-call-id"]
    assert answer.getheader("X-Start-Time") == told["x-start-time"]
    assert answer.getheader("X-Served-By", "").startswith("openfaas-community/" if upstream else "openfaas-swarm/")


def test_a_clients_call_id_is_kept_unless_it_could_do_harm(connection: Connection, echo: str) -> None:
    assert connection.told("GET", f"/function/{echo}", {"X-Call-Id": "mine-1"}).header("X-Call-Id") == ["mine-1"]
    for harmful in ('a"b', "x" * 200, "a b"):
        (made,) = connection.told("GET", f"/function/{echo}", {"X-Call-Id": harmful}).header("X-Call-Id")
        assert uuid.UUID(made)


def test_the_function_is_told_who_calls_and_a_client_cannot_pretend(connection: Connection, echo: str) -> None:
    claims = dict.fromkeys(("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"), "10.1.2.3")
    told = connection.told("GET", f"/function/{echo}", {**claims, "X-Forwarded-Path": "/secret", "X-Function": "pay"})
    (address,) = told.header("X-Forwarded-For")
    assert address.count(".") == 3
    assert address != "10.1.2.3"
    assert told.header("X-Forwarded-Proto") == ["http"]
    assert told.header("X-Forwarded-Host") == told.header("Host")
    assert told.header("X-Forwarded-Path") == []
    assert told.header("X-Function") == [echo]


def test_what_concerns_one_connection_only_goes_no_further(connection: Connection, echo: str) -> None:
    hops = (
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "TE",
        "Trailer",
    )
    told = connection.told("GET", f"/function/{echo}", {**dict.fromkeys(hops, "close"), "Authorization": "Bearer x"})
    assert [told.header(name) for name in hops] == [[]] * len(hops)
    assert told.header("Authorization") == ["Bearer x"]


# What comes back


@pytest.mark.parametrize("status", [200, 201, 204, 304, 400, 401, 404, 405, 418, 429, 500, 502, 503, 504, 599])
def test_a_functions_own_status_passes(connection: Connection, echo: str, status: int) -> None:
    answer = connection.send("GET", f"/function/{echo}/status?{status}")
    assert (answer.status, answer.read()) == (status, b"")
    assert answer.getheader("X-Start-Time")


def test_a_redirect_is_passed_and_not_followed(connection: Connection, echo: str) -> None:
    answer = connection.send("POST", f"/function/{echo}/redirect?https://example.com/a%3Fb")
    assert (answer.status, answer.getheader("Location")) == (302, "https://example.com/a?b")


def test_a_repeated_header_stays_repeated(connection: Connection, echo: str) -> None:
    answer = connection.send("GET", f"/function/{echo}/cookies")
    assert answer.msg.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_chunked_bodies_pass_both_ways(openfaas: OpenFaas, echo: str) -> None:
    sent = requests.post(f"{openfaas.url}/function/{echo}", data=(b"x" * 10_000 for _ in range(300)), timeout=30)
    assert sent.json()["length"] == 3_000_000
    received = requests.get(f"{openfaas.url}/function/{echo}/chunks?500", timeout=30)
    assert received.headers["Transfer-Encoding"] == "chunked"
    assert received.text == "".join(f"chunk {number}\n" for number in range(500))


def test_large_bodies_pass_both_ways(openfaas: OpenFaas, echo: str) -> None:
    sent = requests.post(f"{openfaas.url}/function/{echo}", data=b"x" * 10 * 2**20, timeout=30)
    assert sent.json()["length"] == 10 * 2**20
    assert len(openfaas.call(f"{echo}/large?50000000").content) == 50_000_000


def test_events_arrive_as_they_are_sent(openfaas: OpenFaas, echo: str) -> None:
    begun = time.monotonic()
    headers = {"Accept": "text/event-stream"}
    with requests.get(f"{openfaas.url}/function/{echo}/events?0.5", headers=headers, stream=True, timeout=10) as answer:
        arrived = [(line, time.monotonic() - begun) for line in answer.iter_lines(chunk_size=1) if line]
    assert [line for line, _ in arrived] == [b"data: 0", b"data: 1", b"data: 2", b"data: 3"]
    for number, (_, seconds) in enumerate(arrived):
        assert 0.5 * number - 0.05 < seconds < 0.5 * number + 0.4


def test_a_client_that_waits_to_be_asked_for_its_body_is_asked(connection: Connection, echo: str) -> None:
    answer = connection.send("PUT", f"/function/{echo}", {"Expect": "100-continue"}, b"x" * 100_000)
    assert json.loads(answer.read())["length"] == 100_000


def test_a_connection_may_be_upgraded(stack: Stack, echo: str, upstream: bool) -> None:
    head = f"GET /function/{echo}/upgrade?chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n"
    with socket.create_connection(("127.0.0.1", stack.gateway_port), timeout=10) as connection:
        connection.sendall(head.encode())
        answer = connection.makefile("rb")
        assert answer.readline().startswith(b"HTTP/1.1 101 ") != upstream
        if upstream:
            return
        connection.sendall(b"hello\n")
        assert answer.read().endswith(b"\r\n\r\nhello\n")


# What goes wrong


def refusal(answer: requests.Response) -> tuple[int, str]:
    """Status and detail of a problem document, which must be whole and name the call."""
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert told.keys() >= {"type", "title", "status", "detail", "request_id"}
    assert told["status"] == answer.status_code
    assert told["request_id"] == answer.headers["X-Call-Id"]
    return answer.status_code, told["detail"]


def test_an_unknown_function_is_404_with_the_reason(openfaas: OpenFaas, upstream: bool) -> None:
    for name in ("nobody", "nobody.openfaas-fn", ".openfaas-fn", f"{MIRROR}.other"):
        answer = openfaas.call(name)
        status, detail = refusal(answer)
        assert status == 404
        assert detail.startswith("error finding function")
        assert ("X-Start-Time" in answer.headers) == upstream
        assert ("X-Served-By" in answer.headers) == upstream


def test_a_body_beyond_the_limit_is_413_with_the_limit(openfaas: OpenFaas, narrow: str) -> None:
    assert requests.post(f"{openfaas.url}/function/{narrow}", data=b"x" * 1000, timeout=10).status_code == 200
    status, detail = refusal(requests.post(f"{openfaas.url}/function/{narrow}", data=b"x" * 1001, timeout=10))
    assert (status, "1000 bytes" in detail) == (413, True)


def test_a_function_that_takes_too_long_is_504_naming_it(openfaas: OpenFaas, narrow: str) -> None:
    begun = time.monotonic()
    status, detail = refusal(openfaas.call(f"{narrow}/sleep?20"))
    assert (status, narrow in detail) == (504, True)
    assert 5 < time.monotonic() - begun < 8


def test_a_function_that_hangs_up_is_502_naming_it(openfaas: OpenFaas, narrow: str) -> None:
    status, detail = refusal(requests.post(f"{openfaas.url}/function/{narrow}/hangup", timeout=10))
    assert (status, narrow in detail) == (502, True)


def test_a_call_that_gets_no_turn_is_503_naming_the_function(openfaas: OpenFaas, echo: str) -> None:
    # Eight calls at a time is what a replica takes unless it says otherwise.
    answers = together(10, lambda _: openfaas.call(f"{echo}/sleep?12"))
    turned_away = [answer for answer in answers if answer.status_code != 200]
    assert len(turned_away) == 2
    for answer in turned_away:
        status, detail = refusal(answer)
        assert (status, echo in detail, answer.headers["Retry-After"]) == (503, True, "1")


def test_a_function_that_does_not_start_is_503_naming_it(openfaas: OpenFaas) -> None:
    with mirror(openfaas, "tests-broken", wait=False, image="bookstore/function-runtime:latest"):
        status, detail = refusal(openfaas.call("tests-broken"))
        assert (status, "tests-broken" in detail) == (503, True)


def test_a_provider_that_is_away_is_503_naming_it_and_functions_go_on(
    openfaas: OpenFaas, stack: Stack, echo: str
) -> None:
    def refusals() -> list[requests.Response]:
        answer = openfaas.send("GET", "/system/secrets")
        return [] if answer.ok else [answer]

    # The signal is sent when `kill` returns; the end may come a moment later.
    kill(f"{stack.name}_provider")
    (refused,) = eventually(refusals, within=10, what="an answer without the provider")
    status, detail = refusal(refused)
    assert (status, "provider" in detail) == (503, True)
    assert openfaas.call(echo).status_code == 200
    eventually(
        lambda: openfaas.send("GET", "/system/functions").status_code == 200, within=30, what="the provider's return"
    )


# What may be given again


@pytest.fixture(scope="module")
def kept(openfaas: OpenFaas) -> Iterator[str]:
    """A function on two public paths whose answers are all different, and say what the query says of being kept."""
    routes = {"http.route": "GET /api/tests-kept/{act}, GET /api/tests-kept-too/{act}"}
    with mirror(openfaas, "tests-kept", annotations=routes):
        yield "/api/tests-kept/kept"


def test_an_answer_that_says_so_is_given_again_to_anybody_until_its_time_is_up(stack: Stack, kept: str) -> None:
    url = f"{stack.shop_url}{kept}?public,%20s-maxage=2"
    first, again = requests.get(url, timeout=10), requests.get(url, timeout=10)
    assert again.text == first.text
    assert again.headers["X-Call-Id"] != first.headers["X-Call-Id"]
    assert again.headers["X-Served-By"].startswith("openfaas-swarm/")
    eventually(lambda: requests.get(url, timeout=10).text != first.text, within=5, what="another answer")


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer me"}, {"Cache-Control": "no-cache"}])
def test_who_says_who_they_are_or_asks_for_it_gets_a_new_answer(
    stack: Stack, kept: str, headers: dict[str, str]
) -> None:
    url = f"{stack.shop_url}{kept}?public,%20s-maxage=30&{uuid.uuid4()}"
    known = requests.get(url, timeout=10).text
    assert requests.get(url, headers=headers, timeout=10).text != known
    # Nor does anybody else get what was answered to them alone.
    assert headers.get("Authorization") is None or requests.get(url, timeout=10).text == known


@pytest.mark.parametrize("directive", ["", "public,%20max-age=30", "private,%20s-maxage=30", "no-store"])
def test_an_answer_that_does_not_say_so_is_never_kept(stack: Stack, kept: str, directive: str) -> None:
    url = f"{stack.shop_url}{kept}?{directive}"
    assert requests.get(url, timeout=10).text != requests.get(url, timeout=10).text


def test_answers_of_two_public_paths_are_told_apart(stack: Stack, kept: str) -> None:
    query = f"?public,%20s-maxage=30&{uuid.uuid4()}"
    one, other = kept, kept.replace("kept/", "kept-too/")
    assert requests.get(f"{stack.shop_url}{one}{query}", timeout=10).text != (
        requests.get(f"{stack.shop_url}{other}{query}", timeout=10).text
    )
