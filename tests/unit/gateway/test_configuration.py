import re
from dataclasses import replace

import pytest

from faas.gateway.configuration import CONFIGURATION, Surroundings, cold_map, render
from faas.gateway.functions import State
from tests.unit.gateway.samples import GET_BOOK, GOLDEN, PAY, SETTINGS, STATE, SURROUNDINGS


def rendered(function=GET_BOOK, settings=SETTINGS, surroundings=SURROUNDINGS):
    return render(State("1", (function,)), settings, surroundings)[CONFIGURATION]


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.iterdir()))
def test_every_file_reads_as_it_was_reviewed(name):
    assert render(STATE, SETTINGS, SURROUNDINGS)[name] == (GOLDEN / name).read_text()


def test_all_files_were_reviewed():
    assert set(render(STATE, SETTINGS, SURROUNDINGS)) == {path.name for path in GOLDEN.iterdir()}


def test_no_placeholder_is_left_in_the_configuration():
    assert "${" not in rendered()


def test_gateways_share_what_a_replica_takes():
    assert " maxconn 2 " in rendered(replace(PAY, max_inflight=8), replace(SETTINGS, gateways=4))


def test_a_replica_gets_at_least_one_call_from_every_gateway():
    assert " maxconn 1 " in rendered(replace(PAY, max_inflight=2), replace(SETTINGS, gateways=3))


def test_a_worker_may_finish_the_longest_call_after_a_reload():
    assert "hard-stop-after 305s" in rendered(replace(GET_BOOK, exec_timeout=300))


def test_there_are_slots_for_all_replicas_a_function_may_get():
    assert "server-template replica- 64 " in rendered(replace(GET_BOOK, max_replicas=64))


def test_one_function_with_absurd_numbers_cannot_break_the_configuration_for_all():
    text = rendered(replace(GET_BOOK, max_replicas=10**11, max_inflight=10**11, exec_timeout=1e11))
    assert "server-template replica- 500 " in text
    assert " maxconn 65535 " in text
    assert "timeout server 86405s" in text


def test_a_declared_body_limit_holds_on_both_entrances():
    text = rendered(replace(GET_BOOK, max_body=2048))
    assert [int(limit) for limit in re.findall(r"content-length\) gt (\d+)", text)] == [2048]


def test_the_shop_is_served_with_tls_when_there_is_a_certificate(tmp_path):
    text = rendered(
        settings=replace(SETTINGS, certificate=tmp_path / "shop.pem"), surroundings=Surroundings((), tls=True)
    )
    assert f"bind :8443 ssl crt {tmp_path}/shop.pem" in text


def test_a_container_in_no_network_of_the_stack_believes_nobody_outside():
    assert "{ src 127.0.0.1 }" in rendered(surroundings=Surroundings(()))


def test_every_function_has_a_cold_mark_that_can_be_changed():
    assert cold_map(STATE) == "get-book 0\nlogin 0\npay 0\nremove-book 1\n"
