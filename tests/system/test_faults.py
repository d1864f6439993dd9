"""Parts of the system die while orders come in: nothing is lost, nothing is sold twice, and it heals by itself."""

import time
import uuid
from collections.abc import Callable

import pytest

from tests.live import Stack
from tests.system.containers import containers_of, kill, kill_process, restart
from tests.system.openfaas import OpenFaas, deployment
from tests.system.selling import selling, sells_a_new_book
from tests.system.shop import Shop
from tests.system.waiting import eventually

pytestmark = pytest.mark.usefixtures("balanced")
RECOVERED_WITHIN = 30.0

FAULTS: dict[str, tuple[Callable[[str], None], list[str]]] = {
    "the functions that take orders are killed": (kill, ["fn-place-order", "fn-pay-order"]),
    "the functions that take events are killed": (kill, ["fn-sync-inventory", "fn-sync-catalog"]),
    "the gateway is killed": (kill, ["gateway"]),
    "the connector is killed": (kill, ["connector"]),
    "the relay is killed": (kill, ["relay"]),
    "the search service is killed": (kill, ["search"]),
    "the broker is restarted": (restart, ["rabbitmq"]),
    "the broker is killed": (kill, ["rabbitmq"]),
    "the database is restarted": (restart, ["mariadb"]),
    "the database is killed": (kill, ["mariadb"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_when(stack: Stack, shop: Shop, fault: str) -> None:
    strike, services = FAULTS[fault]
    with selling(shop) as writers:
        another = shop.registers("Ann Other")
        for service in services:
            strike(f"{stack.name}_{service}")
        struck = time.monotonic()
        eventually(lambda: sells_a_new_book(another), within=RECOVERED_WITHIN, what="a sale after the fault")
        writers.go_on(within=struck + RECOVERED_WITHIN - time.monotonic())


@pytest.mark.parametrize(("service", "process"), [("gateway", "faas.gateway.running"), ("provider", "faas.provider")])
def test_traffic_goes_on_when_the_control_plane_is_killed(
    stack: Stack, shop: Shop, openfaas: OpenFaas, service: str, process: str
) -> None:
    name = f"{stack.name}_{service}"
    with selling(shop) as writers:
        before = containers_of(name)
        kill(name) if service == "provider" else kill_process(name, process)
        writers.go_on(30)
        eventually(lambda: openfaas.send("GET", "/system/functions").ok, within=RECOVERED_WITHIN, what="the provider")
        # A route that is new now works only when provider and agent have spoken to each other again.
        _publish_a_function(openfaas, shop)
        assert (containers_of(name) == before) == (service == "gateway")
    assert not writers.repeats


def test_no_order_is_lost_while_a_function_is_updated_and_rolled_back(
    stack: Stack, shop: Shop, openfaas: OpenFaas
) -> None:
    name = f"{stack.name}_fn-place-order"
    with selling(shop) as writers:
        first = set(containers_of(name))
        deployed = openfaas.describe("place-order")
        fields = ("image", "secrets", "annotations", "limits", "readOnlyRootFilesystem", "envVars")
        labels = {key: value for key, value in deployed["labels"].items() if key != "faas_function"}
        change = {"service": "place-order", "labels": {**labels, "tests-run": uuid.uuid4().hex}}
        sent = openfaas.send("PUT", "/system/functions", {**{key: deployed[key] for key in fields}, **change})
        assert sent.status_code == 202, sent.text
        eventually(lambda: _replaced(name, first), within=60, what="the replacement of every replica")
        second = set(containers_of(name))
        sent = openfaas.send("POST", "/system/rollback/place-order")
        assert sent.status_code == 202, sent.text
        eventually(lambda: _replaced(name, second), within=60, what="the return of the version before")
        writers.go_on()
    assert not writers.repeats


def _replaced(service: str, before: set[str]) -> bool:
    running = set(containers_of(service))
    return bool(running) and not running & before


def _publish_a_function(openfaas: OpenFaas, shop: Shop) -> None:
    name, route = "tests-after-a-fault", {"http.route": "GET /api/tests-after-a-fault"}
    sent = openfaas.send("POST", "/system/functions", deployment(name, annotations=route))
    try:
        assert sent.status_code == 202, sent.text
        eventually(lambda: shop.send("GET", f"/{name}").ok, within=RECOVERED_WITHIN, what="a new route")
    finally:
        openfaas.remove(name)
