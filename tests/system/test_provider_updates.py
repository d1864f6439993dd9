"""Updates, rollbacks and sleep on a live Swarm: no call is lost, and there is a way back."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest
import requests

from tests.integration.together import together
from tests.live import ROOT, Stack
from tests.system.containers import containers_of, docker, kill
from tests.system.functions import OK, READY, STEADY, calling, deploy, spec, status, update
from tests.system.openfaas import IMAGE, OpenFaas
from tests.system.waiting import eventually

pytestmark = pytest.mark.usefixtures("behaving")
Names = Callable[[str], str]


def test_an_update_loses_no_call_and_keeps_the_replicas(openfaas: OpenFaas, stack: Stack, names: Names) -> None:
    name = names("updated")
    ready = {"com.openfaas.ready.http.path": "/_/ready"}
    deploy(openfaas, name, image=IMAGE, annotations=ready, labels={"com.openfaas.scale.min": "2"})
    service = f"{stack.name}_fn-{name}"
    eventually(lambda: len(containers_of(service)) == 2, within=READY, what="two replicas")
    before = set(containers_of(service))
    with calling(openfaas, name) as outcomes:
        fields = {"image": IMAGE, "annotations": ready, "labels": {"com.openfaas.scale.min": "2"}}
        update(openfaas, name, **fields, envVars={"version": "two"})
        eventually(lambda: not before & set(containers_of(service)), within=90, what="new replicas alone")
    assert len(outcomes) > 100
    assert set(outcomes) == {OK}
    assert openfaas.describe(name)["replicas"] == 2


def test_a_function_that_starts_late_loses_no_call_in_an_update(openfaas: OpenFaas, names: Names) -> None:
    name = names("late")
    deploy(openfaas, name, envVars={"SAYS": "one"})
    with calling(openfaas, name, threads=2) as outcomes:
        update(openfaas, name, envVars={"SAYS": "two", "BEHAVIOR": "late", "DELAY": "8"})
        eventually(lambda: openfaas.call(name).text == "two", within=60, what="the new version")
        time.sleep(1)
    assert set(outcomes) == {OK}


def test_an_update_keeps_the_replicas_within_the_bounds_it_brings(openfaas: OpenFaas, names: Names) -> None:
    name = names("bounds")
    fixed = {"com.openfaas.scale.min": "3", "com.openfaas.scale.max": "3"}
    deploy(openfaas, name, labels=fixed)
    seen = [openfaas.describe(name)["replicas"]]
    for low, high in (("1", "2"), ("2", "5"), ("4", "5")):
        update(openfaas, name, labels={"com.openfaas.scale.min": low, "com.openfaas.scale.max": high})
        seen.append(openfaas.describe(name)["replicas"])
    assert seen == [3, 2, 2, 4]


def test_twenty_scalings_and_ten_updates_at_once_all_succeed(openfaas: OpenFaas, names: Names) -> None:
    name = names("together")
    deploy(openfaas, name)

    def act(number: int) -> int:
        if number % 3:
            return openfaas.scale(name, 1 + number % 4).status_code
        return openfaas.send("PUT", "/system/functions", spec(name, envVars={"n": str(number)})).status_code

    assert set(together(30, act)) == {202}
    told = openfaas.describe(name)
    assert 1 <= told["replicas"] <= 4
    assert int(told["envVars"]["n"]) % 3 == 0
    eventually(lambda: openfaas.call(name).ok, within=READY, what="an answer")


def test_a_rollback_brings_the_deployment_of_before_and_another_one_that_of_now(
    openfaas: OpenFaas, stack: Stack, names: Names
) -> None:
    name = names("rolled-back")
    deploy(openfaas, name, envVars={"SAYS": "one"})
    assert openfaas.send("POST", f"/system/rollback/{name}").status_code == 409
    update(openfaas, name, envVars={"SAYS": "two"}, labels={"version": "two"})
    eventually(lambda: openfaas.call(name).text == "two", within=READY, what="the second version")
    # Overwrites what Swarm itself would go back to.
    assert openfaas.scale(name, 2).status_code == 202
    kill(f"{stack.name}_provider")
    eventually(lambda: openfaas.send("GET", "/system/functions").ok, within=READY, what="the provider")

    assert openfaas.send("POST", f"/system/rollback/{name}").status_code == 202
    eventually(lambda: openfaas.call(name).text == "one", within=READY, what="the first version")
    assert openfaas.describe(name)["labels"] == {**STEADY, "faas_function": name}
    assert openfaas.describe(name)["replicas"] == 2

    _make_rollback(stack, name)
    eventually(lambda: openfaas.call(name).text == "two", within=READY, what="the second version again")
    assert openfaas.describe(name)["labels"]["version"] == "two"


def test_a_rollback_without_a_name_or_of_nobody_says_so(openfaas: OpenFaas, stack: Stack) -> None:
    with pytest.raises(subprocess.CalledProcessError) as nobody:
        _make_rollback(stack, "prov-nobody")
    assert "not deployed" in nobody.value.stderr
    with pytest.raises(subprocess.CalledProcessError) as nothing:
        _make_rollback(stack)
    assert "FN=" in nothing.value.stderr
    assert requests.post(f"{openfaas.url}/system/rollback/prov-nobody", timeout=10).status_code == 401


def _make_rollback(stack: Stack, *names: str) -> None:
    command = [sys.executable, "-m", "deploy", "rollback", *names]
    subprocess.run(command, cwd=ROOT, env=stack.environment, check=True, capture_output=True, text=True)


def test_fifty_first_calls_succeed_and_the_cold_start_is_measured(
    openfaas: OpenFaas, stack: Stack, names: Names
) -> None:
    name = names("asleep")
    deploy(openfaas, name)
    before = _cold_starts(stack, name)
    for _ in range(2):
        assert openfaas.scale(name, 0).status_code == 202
        assert openfaas.describe(name).get("replicas", 0) == 0
        assert together(50, lambda _: openfaas.call(name).status_code) == [200] * 50
    assert _cold_starts(stack, name) == before + 2
    assert not status(openfaas, name)


def test_no_call_is_lost_while_a_function_is_put_to_sleep_again_and_again(openfaas: OpenFaas, names: Names) -> None:
    name = names("drowsy")
    deploy(openfaas, name)
    with calling(openfaas, name, threads=2) as outcomes:
        for _ in range(5):
            assert openfaas.scale(name, 0).status_code == 202
            time.sleep(2)
    assert set(outcomes) == {OK}


def test_a_sleeping_function_stays_asleep_through_an_update_and_wakes_with_the_new_version(
    openfaas: OpenFaas, names: Names
) -> None:
    name = names("updated-asleep")
    deploy(openfaas, name, envVars={"SAYS": "one"})
    assert openfaas.scale(name, 0).status_code == 202
    update(openfaas, name, envVars={"SAYS": "two"})
    assert openfaas.describe(name).get("replicas", 0) == 0
    assert openfaas.call(name).text == "two"


def _cold_starts(stack: Stack, name: str) -> float:
    read = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8081/metrics').read().decode())"
    (provider,) = containers_of(f"{stack.name}_provider")
    counted = f'gateway_function_cold_start_seconds_count{{function_name="{name}.openfaas-fn"}} '
    lines = docker("exec", provider, "python", "-c", read).splitlines()
    return sum(float(line.removeprefix(counted)) for line in lines if line.startswith(counted))
