import difflib
import re
from dataclasses import replace

import pytest

from faas.gateway.configuration import CONFIGURATION, Surroundings, cold_map, render, with_activators
from faas.gateway.functions import State
from tests.unit.gateway.samples import (
    GET_BOOK,
    GOLDEN,
    GOLDEN_UPSTREAM,
    PAY,
    SETTINGS,
    STATE,
    SURROUNDINGS,
    UPSTREAM_SETTINGS,
)


def rendered(function=GET_BOOK, settings=SETTINGS, surroundings=SURROUNDINGS):
    return render(State("1", (function,)), settings, surroundings)[CONFIGURATION]


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.iterdir()))
def test_every_file_reads_as_it_was_reviewed(name):
    assert render(STATE, SETTINGS, SURROUNDINGS)[name] == (GOLDEN / name).read_text()


def test_all_files_were_reviewed():
    assert set(render(STATE, SETTINGS, SURROUNDINGS)) == {path.name for path in GOLDEN.iterdir()}


def test_upstreams_gateway_changes_the_configuration_as_it_was_reviewed_and_no_map():
    without, having = (render(STATE, settings, SURROUNDINGS) for settings in (SETTINGS, UPSTREAM_SETTINGS))
    lines = difflib.ndiff(*(files.pop(CONFIGURATION).splitlines(keepends=True) for files in (without, having)))
    assert "".join(line for line in lines if line[0] in "+-") == GOLDEN_UPSTREAM.read_text()
    assert without == having


def test_upstreams_gateway_is_in_the_path_of_calls_and_api_only_where_it_is_set():
    def ways(settings):
        sections = rendered(settings=settings).split("\nfrontend ")[1:]
        return {text.split()[0]: re.findall(r"^    (?:use|default)_backend (\S+)", text, re.M) for text in sections}

    assert ways(SETTINGS) == {
        "public": ["fn-%[var(txn.fn)]", "client"],
        "openfaas": ["fn-%[var(txn.fn)]", "provider"],
    }
    assert ways(UPSTREAM_SETTINGS) == {
        "public": ["upstream", "fn-%[var(txn.fn)]", "client"],
        "openfaas": ["upstream", "fn-%[var(txn.fn)]", "provider"],
        "returned": ["fn-%[var(txn.fn)]", "provider", "provider-api"],
    }


def test_first_calls_leave_half_of_the_connections_to_those_that_upstreams_gateway_sends_back():
    text = rendered(settings=replace(UPSTREAM_SETTINGS, maxconn=1000))
    assert re.findall(r"^    maxconn (\d+)$", text, re.M) == ["2000", "500", "500"]
    assert re.findall(r"^    maxconn (\d+)$", rendered(), re.M) == ["4000"]


@pytest.mark.parametrize("settings", [SETTINGS, UPSTREAM_SETTINGS], ids=["builtin", "upstream"])
def test_no_placeholder_is_left_in_the_configuration(settings):
    assert "${" not in rendered(settings=settings)


def test_gateways_share_what_a_replica_takes():
    assert " maxconn 2 " in rendered(replace(PAY, max_inflight=8), replace(SETTINGS, gateways=4))


def test_a_replica_gets_at_least_one_call_from_every_gateway():
    assert " maxconn 1 " in rendered(replace(PAY, max_inflight=2), replace(SETTINGS, gateways=3))


def test_a_worker_may_finish_the_longest_call_after_a_reload():
    assert "hard-stop-after 305s" in rendered(replace(GET_BOOK, exec_timeout=300))


def test_there_are_slots_for_all_replicas_a_function_may_get():
    assert "server-template replica- 64 " in rendered(replace(GET_BOOK, max_replicas=64))


def test_nobody_looks_for_the_replicas_of_a_function_that_sleeps():
    text = rendered(replace(GET_BOOK, cold=True, asleep=True))
    assert "server activator provider:8083" in text
    assert "tasks.shop_fn-get-book" not in text


def test_one_function_with_absurd_numbers_cannot_break_the_configuration_for_all():
    text = rendered(replace(GET_BOOK, max_replicas=10**11, max_inflight=10**11, exec_timeout=1e11))
    assert "server-template replica- 500 " in text
    assert " maxconn 65535 " in text
    assert "timeout server 86405s" in text


def test_a_declared_body_limit_holds_on_both_entrances():
    text = rendered(replace(GET_BOOK, max_body=2048))
    assert [int(limit) for limit in re.findall(r"var\(txn.length\) -m int gt (\d+)", text)] == [2048]


def test_the_shop_is_served_with_tls_when_there_is_a_certificate(tmp_path):
    text = rendered(
        settings=replace(SETTINGS, certificate=tmp_path / "shop.pem"), surroundings=Surroundings((), tls=True)
    )
    assert f"bind :8443 tcp-ut 65s ssl crt {tmp_path}/shop.pem" in text


def test_a_container_in_no_network_of_the_stack_believes_nobody_outside():
    assert "{ src 127.0.0.1 }" in rendered(surroundings=Surroundings(()))


def test_every_function_has_a_cold_mark_that_can_be_changed():
    assert cold_map(STATE) == "get-book 0\nlogin 0\npay 0\nremove-book 1\n"


SERVERS = """1
# be_id be_name srv_id srv_name srv_addr …
5 provider 1 provider 10.0.1.6 2 0 1 1 71 1 0 4 0 0 0 0 provider 8082 - 0 0 - - 0
6 fn-login 1 activator 10.0.1.6 2 0 1 1 9 1 0 0 0 0 0 0 provider 8083 - 0 0 - - 0
6 fn-login 2 replica-1 10.0.1.9 2 0 1 1 4 6 3 1 6 0 0 0 tasks.shop_fn-login 8080 - 0 0 - - 0
"""


def test_a_new_functions_activator_is_known_to_be_where_the_provider_is():
    added = with_activators(SERVERS, ["login", "pay"]).removeprefix(SERVERS)
    assert added == "5 fn-pay 1 activator 10.0.1.6 2 0 1 1 71 1 0 4 0 0 0 0 provider 8083 - 0 0 - - 0\n"


def test_no_activator_is_known_while_the_provider_is_not():
    servers = SERVERS.replace("5 provider 1 provider", "4 client 1 client-1")
    assert with_activators(servers, ["login", "pay"]) == servers
