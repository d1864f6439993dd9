"""OpenFaaS' own gateway in the path. It needs that gateway's image: `make up GATEWAY=upstream` says where to get it."""

import os
import subprocess
import time
from collections.abc import Iterator

import pytest
import requests

from deploy.upstream import IMAGE, TAG
from tests.live import Stack
from tests.system.containers import containers_of, docker, kill
from tests.system.mirrors import Figures
from tests.system.openfaas import OpenFaas
from tests.system.shop import Shop
from tests.system.waiting import eventually

THEIRS, OURS = f"openfaas-community/{TAG}", "openfaas-swarm/"
PROBE = "tests-upstream"


@pytest.fixture(scope="module", autouse=True)
def service(stack: Stack) -> str:
    """The service of upstream's gateway. With its image on the node the tests' stack has it, as every stack."""
    if os.environ.get("GATEWAY") == "builtin":
        pytest.skip("GATEWAY=builtin")
    if subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False).returncode:
        pytest.skip(f"no image {IMAGE} on this node")
    return f"{stack.name}_upstream"


@pytest.fixture
def probe(openfaas: OpenFaas) -> Iterator[str]:
    """A function of the tests' own that answers."""
    assert openfaas.deploy(PROBE).status_code == 202
    eventually(lambda: openfaas.call(PROBE).ok, within=30, what="the probe's answer")
    yield PROBE
    openfaas.remove(PROBE)
    eventually(lambda: openfaas.call(PROBE).status_code == 404, within=30, what="the probe's end")


def test_it_says_who_it_is_and_asks_our_provider(openfaas: OpenFaas) -> None:
    info = openfaas.send("GET", "/system/info").json()
    assert info["version"]["release"] == TAG
    assert info["provider"]["orchestration"] == "swarm"
    assert info["provider"]["version"]["sha"]


def test_calls_and_the_shops_api_pass_through_it(openfaas: OpenFaas, shop: Shop, probe: str) -> None:
    for answered in (openfaas.call(probe), openfaas.call(f"{probe}.openfaas-fn/"), shop.send("GET", "/books")):
        assert (answered.status_code, answered.headers["X-Served-By"]) == (200, THEIRS)


@pytest.mark.parametrize(("method", "path"), [("GET", "/ui/"), ("POST", "/async-function/api-docs"), ("GET", "/")])
def test_the_operators_page_and_asynchronous_calls_do_not(openfaas: OpenFaas, method: str, path: str) -> None:
    answered = openfaas.send(method, path, allow_redirects=False)
    # Upstream has neither a page without its assets nor asynchronous calls without NATS.
    assert answered.status_code != 404
    assert "X-Served-By" not in answered.headers


def test_a_call_is_counted_once(openfaas: OpenFaas, stack: Stack, probe: str) -> None:
    figures, labels = Figures(stack), {"function_name": f"{probe}.openfaas-fn", "code": "200"}

    def counted() -> float:
        return figures.get("gateway_function_invocation_total", **labels)

    time.sleep(2)
    before = counted()
    for _ in range(40):
        openfaas.call(probe)
    eventually(lambda: counted() >= before + 40, within=5, what="forty counted calls")
    assert counted() == before + 40
    # Upstream asks Prometheus, which looks every 15 s.
    eventually(lambda: openfaas.functions()[probe].get("invocationCount", 0) >= before + 40, within=60, what="the list")


def test_the_limits_of_a_function_hold_though_bodies_come_back_without_their_length(shop: Shop) -> None:
    refused = shop.send("POST", "/auth/login", {"email": "a@example.com", "password": "x" * 70_000})
    assert (refused.status_code, refused.headers["Content-Type"]) == (413, "application/problem+json")
    assert "bytes" in refused.json()["detail"]


def test_it_asks_for_one_to_five_replicas_whatever_is_wanted(openfaas: OpenFaas, probe: str) -> None:
    for wanted, given in ((9, 5), (0, 1)):
        assert openfaas.scale(probe, wanted).status_code == 202
        assert openfaas.describe(probe)["replicas"] == given


def test_while_it_is_away_calls_go_past_it_and_none_fails(
    openfaas: OpenFaas, shop: Shop, service: str, probe: str
) -> None:
    url = f"{openfaas.url}/function/{probe}"
    past: list[str] = []
    kill(service)
    with requests.Session() as client:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (past and past[-1] == THEIRS):
            answered = client.get(url, timeout=10)
            assert answered.status_code == 200, answered.text
            past.append(answered.headers["X-Served-By"])
    assert any(name.startswith(OURS) for name in past)
    assert past[-1] == THEIRS
    assert shop.send("GET", "/books").status_code == 200
    assert containers_of(service)


def test_it_is_not_on_any_port_of_the_machine(service: str) -> None:
    assert docker("service", "inspect", "--format", "{{json .Spec.EndpointSpec.Ports}}", service) == "null"
