"""OpenFaaS' own API on the gateway's port, on functions of the tests' own."""

import base64
import json
import subprocess
import time
import uuid
from collections.abc import Iterator

import pytest
import requests

from tests.integration.together import together
from tests.live import Stack
from tests.system.containers import containers_of
from tests.system.openfaas import IMAGE, OpenFaas, deployment
from tests.system.shop import Shop
from tests.system.waiting import eventually

PROBE = "tests-probe"
PRIVATE = ["sync-inventory", "sync-catalog", "expire-orders"]
READY = 30.0
# What upstream's gateway answers in its own way.
UPSTREAM = {"/system/alert": 400, "/system/logs?name=no-such-function": 501}


@pytest.fixture
def probe(openfaas: OpenFaas) -> Iterator[str]:
    """A function of the tests' own that answers."""
    assert openfaas.deploy(PROBE, labels={"com.openfaas.scale.min": "1"}).status_code == 202
    eventually(lambda: openfaas.describe(PROBE).get("availableReplicas"), within=READY, what="the probe's replica")
    yield PROBE
    openfaas.remove(PROBE)
    eventually(lambda: PROBE not in openfaas.functions(), within=READY, what="the probe's removal")


def test_the_gateway_tells_what_it_is(openfaas: OpenFaas) -> None:
    info = openfaas.send("GET", "/system/info").json()
    assert info["provider"]["orchestration"] == "swarm"
    assert info["provider"]["version"]["release"]
    assert info["version"]["sha"]
    assert openfaas.send("GET", "/system/namespaces").json() == ["openfaas-fn"]
    assert openfaas.send("GET", "/healthz").status_code == 200


def test_every_function_of_the_shop_is_listed_with_its_calls(openfaas: OpenFaas, shop: Shop, upstream: bool) -> None:
    before = openfaas.functions()["list-books"].get("invocationCount", 0)
    shop.finds("nothing")
    functions = openfaas.functions()
    assert {"register", "place-order", "sync-catalog"} <= set(functions)
    assert all(function["namespace"] == "openfaas-fn" for function in functions.values())
    eventually(
        lambda: openfaas.functions()["list-books"].get("invocationCount", 0) > before,
        within=60 if upstream else 5,
        what="a counted call",
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/system/info"),
        ("GET", "/system/functions"),
        ("POST", "/system/functions"),
        ("DELETE", "/system/functions"),
        ("GET", "/system/function/login"),
        ("POST", "/system/scale-function/login"),
        ("GET", "/system/secrets"),
        ("GET", "/system/logs?name=login"),
        ("GET", "/system/namespaces"),
        ("GET", "/ui/"),
        ("GET", "/ui/main.js"),
        ("GET", "/ui/api/now"),
    ],
)
def test_only_the_operator_may(openfaas: OpenFaas, method: str, path: str) -> None:
    for credentials in (None, (openfaas.user, "wrong"), ("nobody", openfaas.password)):
        refused = requests.request(method, openfaas.url + path, auth=credentials, timeout=10)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == 'Basic realm="Restricted"'


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/system/alert", 400),
        ("POST", "/system/namespace/other", 501),
        ("POST", "/async-function/api-docs", 501),
        ("GET", "/ui/no-such-file", 404),
        ("GET", "/system/function/no-such-function", 404),
        ("POST", "/function/no-such-function", 404),
        ("GET", "/system/no-such-thing", 404),
        ("PATCH", "/system/functions", 405),
        ("GET", "/system/logs?name=no-such-function", 404),
    ],
)
def test_what_is_not_there_says_so(openfaas: OpenFaas, upstream: bool, method: str, path: str, status: int) -> None:
    expected = UPSTREAM.get(path, status) if upstream else status
    assert openfaas.send(method, path).status_code == expected


@pytest.mark.parametrize("spelling", [PROBE, f"{PROBE}.openfaas-fn", f"{PROBE}/and/more"])
def test_a_deployed_function_answers_under_every_spelling(openfaas: OpenFaas, probe: str, spelling: str) -> None:
    answered = openfaas.call(spelling, headers={"X-Call-Id": "a-call-of-the-tests"})
    assert answered.status_code == 200
    assert answered.headers["X-Call-Id"] == "a-call-of-the-tests"
    assert int(answered.headers["X-Start-Time"]) == pytest.approx(time.time_ns(), abs=60 * 10**9)


def test_a_function_is_deployed_updated_scaled_and_removed(openfaas: OpenFaas) -> None:
    assert openfaas.deploy(PROBE, labels={"kind": "first"}).status_code == 202
    assert openfaas.deploy(PROBE).status_code == 409
    found = openfaas.describe(PROBE)
    assert (found["image"], found["labels"]["kind"], found["replicas"]) == (IMAGE, "first", 1)
    eventually(lambda: openfaas.call(PROBE).status_code == 200, within=READY, what="an answer")

    assert openfaas.update(PROBE, labels={"kind": "second"}).status_code == 202
    assert openfaas.describe(PROBE)["labels"]["kind"] == "second"
    assert openfaas.scale(PROBE, 3).status_code == 202
    eventually(lambda: openfaas.describe(PROBE)["availableReplicas"] == 3, within=READY, what="three replicas")
    assert openfaas.call(PROBE).status_code == 200

    assert openfaas.remove(PROBE).status_code == 202
    assert PROBE not in openfaas.functions()
    eventually(lambda: openfaas.call(PROBE).status_code == 404, within=READY, what="the end of answers")
    assert openfaas.remove(PROBE).status_code == 404
    assert openfaas.update(PROBE).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": ""},
        {"service": "no dots.please"},
        {"service": "x" * 60},
        {"image": ""},
        {"image": "bookstore/not-on-this-node:latest"},
        {"secrets": ["no-such-secret"]},
        {"secrets": ["mariadb-root"]},
        {"namespace": "other"},
        {"labels": {"com.openfaas.stack": "another"}},
        {"limits": {"memory": "plenty"}},
        {"annotations": {"http.route": "GET /api/books/{name}"}},
        {"annotations": {"http.route": "FETCH books"}},
        {"envVars": {"a": 1}},
    ],
    ids=str,
)
def test_a_deployment_that_cannot_work_is_refused(openfaas: OpenFaas, wrong: dict[str, object]) -> None:
    refused = openfaas.send("POST", "/system/functions", {**deployment(PROBE), **wrong})
    assert refused.status_code == 400, refused.text
    assert refused.text.strip()
    assert PROBE not in openfaas.functions()


def test_a_route_that_is_taken_names_its_owner(openfaas: OpenFaas) -> None:
    refused = openfaas.deploy(PROBE, annotations={"http.route": "GET /api/books/{id}"})
    assert (refused.status_code, "get-book" in refused.text) == (400, True)


def test_a_new_route_is_public_at_once_and_gone_with_its_function(openfaas: OpenFaas, shop: Shop) -> None:
    ready = {"com.openfaas.ready.http.path": "/_/ready"}
    assert openfaas.deploy(PROBE, annotations={**ready, "http.route": "GET /api/probes/{id}"}).status_code == 202
    eventually(lambda: shop.send("GET", "/probes/1").status_code == 200, within=READY, what="the new route")
    openfaas.remove(PROBE)
    eventually(lambda: shop.send("GET", "/probes/1").status_code == 404, within=READY, what="the end of the route")


def test_fifty_first_calls_of_a_sleeping_function_all_succeed(openfaas: OpenFaas, probe: str) -> None:
    openfaas.put_to_sleep(probe)
    assert openfaas.describe(probe).get("replicas", 0) == 0
    statuses = together(50, lambda _: openfaas.call(probe).status_code)
    assert statuses == [200] * 50
    assert openfaas.describe(probe)["replicas"] >= 1


def test_logs_of_a_function_can_be_read(openfaas: OpenFaas, probe: str) -> None:
    call = f"call-{uuid.uuid4()}"
    openfaas.call(probe, headers={"X-Call-Id": call})

    def lines() -> list[dict[str, str]]:
        text = openfaas.send("GET", f"/system/logs?name={probe}&tail=50").text
        return [line for line in map(json.loads, text.splitlines()) if call in line["text"]]

    (line,) = eventually(lines, within=10, what="the call in the logs")
    assert (line["name"], line["namespace"]) == (probe, "openfaas-fn")
    assert line["instance"]


def test_a_secret_reaches_the_function_that_asks_for_it(openfaas: OpenFaas, stack: Stack) -> None:
    name, full_name = f"tests-{uuid.uuid4().hex[:8]}", f"{stack.name}_fn-{PROBE}"

    def seen() -> str:
        path = f"/var/openfaas/secrets/{name}"
        for container in containers_of(full_name):
            read = subprocess.run(
                ["docker", "exec", container, "cat", path], capture_output=True, text=True, check=False
            )
            if read.returncode == 0:
                return read.stdout
        return ""

    assert openfaas.send("POST", "/system/secrets", {"name": name, "value": "first"}).status_code in (200, 201, 202)
    assert openfaas.send("POST", "/system/secrets", {"name": name, "value": "again"}).status_code == 409
    assert {"name": name, "namespace": "openfaas-fn"} in openfaas.send("GET", "/system/secrets").json()
    assert openfaas.deploy(PROBE, secrets=[name]).status_code == 202
    eventually(lambda: seen() == "first", within=READY, what="the secret in the function")
    assert openfaas.send("DELETE", "/system/secrets", {"name": name}).status_code == 409

    raw = base64.b64encode(b"second").decode()
    assert openfaas.send("PUT", "/system/secrets", {"name": name, "rawValue": raw}).status_code in (200, 202)
    assert openfaas.update(PROBE, secrets=[name]).status_code == 202
    eventually(lambda: seen() == "second", within=READY, what="the new value in the function")

    assert openfaas.remove(PROBE).status_code == 202
    eventually(
        lambda: openfaas.send("DELETE", "/system/secrets", {"name": name}).status_code in (200, 202),
        within=READY,
        what="the secret's removal",
    )
    assert openfaas.send("DELETE", "/system/secrets", {"name": name}).status_code == 404


def test_no_secret_of_the_platform_is_listed(openfaas: OpenFaas) -> None:
    names = {secret["name"] for secret in openfaas.send("GET", "/system/secrets").json()}
    assert {"accounts-db", "jwt-private-key", "event-signing-key"} <= names
    assert not names & {"mariadb-root", "basic-auth-password", "rabbitmq-admin", "client-session-key", "orders-ddl-db"}


@pytest.mark.parametrize("name", PRIVATE)
def test_a_private_function_refuses_whoever_is_not_the_connector(
    openfaas: OpenFaas, shop: Shop, stack: Stack, name: str
) -> None:
    forged = {"X-Event-Id": "1", "X-Event-Time": str(int(time.time())), "X-Event-Signature": "sha256=" + "0" * 64}
    for headers in ({}, forged, {"X-Connector": "rabbitmq"}):
        refused = openfaas.send("POST", f"/function/{name}", {"type": "book.deleted"}, headers=headers)
        assert refused.status_code == 403
        assert refused.headers["Content-Type"] == "application/problem+json"
    for path in (f"/{name}", f"/function/{name}"):
        assert shop.send("POST", path, {}).status_code == 404
    assert requests.post(f"{stack.shop_url}/function/{name}", timeout=10).status_code == 404
