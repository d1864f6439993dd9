"""The provider dies, or its engine is slow, while functions are deployed, scaled and woken."""

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.integration.together import together
from tests.live import Stack
from tests.system.containers import kill
from tests.system.functions import OK, READY, calling, deploy, spec, update
from tests.system.openfaas import OpenFaas
from tests.system.slow_engine import SlowEngine, provider_on
from tests.system.waiting import eventually

pytestmark = pytest.mark.usefixtures("behaving")
Names = Callable[[str], str]


@pytest.fixture
def provider_killed(openfaas: OpenFaas, stack: Stack) -> Callable[[Callable[[int], Any]], list[Any]]:
    """Do something in many threads while the provider is killed; gives what each got, None if there was no answer."""

    def strike(act: Callable[[int], Any]) -> list[Any]:
        def attempt(number: int) -> Any:
            try:
                return act(number)
            except requests.ConnectionError:
                return None

        killing = threading.Timer(0.15, kill, [f"{stack.name}_provider"])
        killing.start()
        try:
            return together(8, attempt)
        finally:
            killing.join()
            eventually(lambda: openfaas.send("GET", "/system/functions").ok, within=READY, what="the provider")

    return strike


def _deployed(openfaas: OpenFaas, name: str) -> bool:
    """Deploy as faas-cli does: replace, or create what is not there."""
    put = openfaas.send("PUT", "/system/functions", spec(name))
    answer = openfaas.send("POST", "/system/functions", spec(name)) if put.status_code == 404 else put
    return answer.status_code == 202


def _answers(openfaas: OpenFaas, name: str) -> bool:
    return openfaas.call(name).ok


def test_a_provider_killed_during_deployments_leaves_nothing_half_done(
    openfaas: OpenFaas, names: Names, provider_killed: Callable[[Callable[[int], Any]], list[Any]]
) -> None:
    mine = [names(f"struck-{number}") for number in range(8)]
    provider_killed(lambda number: _deployed(openfaas, mine[number]))
    for name in mine:
        eventually(partial(_deployed, openfaas, name), within=READY, what=f"a second try with {name}")
        eventually(partial(_answers, openfaas, name), within=READY, what=f"an answer of {name}")
    assert set(mine) <= set(openfaas.functions())


def test_a_provider_killed_during_scalings_loses_no_call(
    openfaas: OpenFaas, names: Names, provider_killed: Callable[[Callable[[int], Any]], list[Any]]
) -> None:
    name = names("struck-scaling")
    deploy(openfaas, name)
    # Calls of a new function pass through the provider until the gateway knows that a replica answers.
    time.sleep(5)
    with calling(openfaas, name, threads=2) as outcomes:
        provider_killed(lambda number: openfaas.scale(name, number % 3 + 1).status_code)
        eventually(lambda: openfaas.scale(name, 2).status_code == 202, within=READY, what="a second try")
        eventually(lambda: openfaas.describe(name).get("availableReplicas") == 2, within=READY, what="two replicas")
    assert set(outcomes) == {OK}


def test_a_provider_killed_while_a_function_falls_asleep_leaves_one_that_answers(
    openfaas: OpenFaas, names: Names, provider_killed: Callable[[Callable[[int], Any]], list[Any]]
) -> None:
    name = names("struck-falling-asleep")
    deploy(openfaas, name)
    provider_killed(lambda _: openfaas.scale(name, 0).status_code)
    assert openfaas.call(name).status_code == 200


def test_a_provider_killed_during_a_cold_start_leaves_a_function_that_answers(
    openfaas: OpenFaas, names: Names, provider_killed: Callable[[Callable[[int], Any]], list[Any]]
) -> None:
    name = names("struck-cold")
    deploy(openfaas, name)
    assert openfaas.scale(name, 0).status_code == 202
    statuses = provider_killed(lambda _: openfaas.call(name).status_code)
    assert set(statuses) <= {200, 502, 503, None}
    assert together(20, lambda _: openfaas.call(name).status_code) == [200] * 20


def test_of_two_updates_at_once_one_stays_whole(openfaas: OpenFaas, names: Names) -> None:
    name = names("two-updates")
    deploy(openfaas, name)
    together(2, lambda number: update(openfaas, name, envVars={"SAYS": str(number)}, labels={"number": str(number)}))
    told = openfaas.describe(name)
    assert told["envVars"]["SAYS"] == told["labels"]["number"]
    eventually(lambda: openfaas.call(name).text == told["envVars"]["SAYS"], within=READY, what="the later update")


def test_a_removal_during_scalings_wins(openfaas: OpenFaas, names: Names) -> None:
    name = names("removed")
    deploy(openfaas, name)

    def act(number: int) -> requests.Response:
        return openfaas.remove(name) if number == 4 else openfaas.scale(name, number + 1)

    answers = together(8, act)
    assert answers.pop(4).status_code == 202
    assert {answer.status_code for answer in answers} <= {202, 404}
    assert all(name in answer.text for answer in answers if answer.status_code == 404)
    assert name not in openfaas.functions()
    assert openfaas.scale(name, 1).status_code == 404


def test_a_slow_engine_makes_answers_late_and_a_stuck_one_makes_them_503(
    openfaas: OpenFaas, stack: Stack, names: Names, tmp_path: Path
) -> None:
    name = names("slow-engine")
    engine = SlowEngine(tmp_path / "docker.sock")
    with provider_on(engine, stack) as provider:
        engine.delay = 1.0
        assert provider.send("POST", "/system/functions", spec(name)).status_code == 202
        assert name in provider.functions()
        eventually(lambda: openfaas.call(name).ok, within=READY, what="an answer")
        engine.delay = None
        begin = time.monotonic()
        late = provider.scale(name, 2)
        assert late.status_code == 503
        assert "Docker does not answer" in late.text
        assert time.monotonic() - begin < 30
        assert openfaas.call(name).ok
        engine.delay = 0.0
        eventually(lambda: provider.scale(name, 2).status_code == 202, within=READY, what="the engine's return")
        assert eventually(lambda: openfaas.describe(name)["replicas"] == 2, within=5, what="two replicas")
