"""A function that cannot start says why, wherever one looks, until it is ready."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.live import Stack
from tests.system.functions import (
    OK,
    READY,
    STATUS,
    calling,
    deploy,
    eventually_says,
    spec,
    status,
    update,
)
from tests.system.openfaas import OpenFaas
from tests.system.waiting import eventually

pytestmark = pytest.mark.usefixtures("behaving")
Names = Callable[[str], str]


ILL: dict[str, tuple[dict[str, Any], str]] = {
    "it crashes": (
        {"envVars": {"BEHAVIOR": "exit", "CODE": "3"}},
        r"^(exited|keeps exiting) with code 3; last lines: .*ValueError: nothing is well",
    ),
    "it ends by itself": ({"envVars": {"BEHAVIOR": "exit", "CODE": "0"}}, "ends by itself with code 0"),
    "its memory is short": (
        {"envVars": {"BEHAVIOR": "eat"}, "limits": {"memory": "32Mi"}},
        "needs more memory than its limit of 32Mi",
    ),
    "it does not listen": ({"envVars": {"BEHAVIOR": "silent"}}, "runs, but does not answer GET /_/health"),
    "its image cannot be had": (
        {"image": "localhost:1/nowhere:latest"},
        "image localhost:1/nowhere:latest is not on the node",
    ),
    "no node has room": (
        {"requests": {"memory": "900Gi"}},
        "no node can take it: insufficient resources on .* it asks for 900Gi",
    ),
    "no node fits": (
        {"constraints": ["node.labels.moon == full"]},
        "no node can take it: scheduling constraints not satisfied .* node.labels.moon == full",
    ),
}


@pytest.mark.parametrize("illness", ILL)
def test_a_function_says_why_it_is_not_ready_until_it_is(
    openfaas: OpenFaas, stack: Stack, names: Names, illness: str
) -> None:
    name = names("ill")
    fields, pattern = ILL[illness]
    assert openfaas.send("POST", "/system/functions", {**spec(name), **fields}).status_code == 202
    said = eventually_says(openfaas, name, pattern)
    assert openfaas.functions()[name]["annotations"][STATUS].split(";")[0] in said
    lines = openfaas.send("GET", f"/system/logs?name={name}&follow=false").text.splitlines()
    assert re.search(pattern.split(";")[0], json.loads(lines[-1])["text"].removeprefix("not ready: "))
    described = stack.faas_cli("describe", name, "--gateway", stack.gateway_url).stdout
    assert f"{STATUS}: " in described

    update(openfaas, name)
    eventually(lambda: openfaas.call(name).ok, within=60, what="an answer after the cure")
    eventually(lambda: not status(openfaas, name), within=READY, what="the end of the status")


def test_a_call_of_a_function_that_cannot_start_says_why_without_its_output(openfaas: OpenFaas, names: Names) -> None:
    name = names("ill-called")
    sent = spec(name, envVars={"BEHAVIOR": "exit", "CODE": "3"})
    assert openfaas.send("POST", "/system/functions", sent).status_code == 202
    answer = openfaas.call(name)
    assert answer.status_code == 503
    assert "exiting with code 3" in answer.json()["detail"]
    assert "nothing is well" not in answer.text


def test_an_update_that_does_not_stay_up_is_taken_back_and_told(openfaas: OpenFaas, names: Names) -> None:
    name = names("taken-back")
    deploy(openfaas, name, envVars={"SAYS": "well"})
    with calling(openfaas, name, threads=2) as outcomes:
        update(openfaas, name, envVars={"BEHAVIOR": "exit", "CODE": "4"})
        said = eventually_says(openfaas, name, "^the last update was rolled back: exited with code 4")
        eventually(
            lambda: openfaas.describe(name)["envVars"] == {"SAYS": "well"}, within=READY, what="the spec of before"
        )
        time.sleep(5)
    assert "ValueError: nothing is well" in said
    assert set(outcomes) == {OK}
    update(openfaas, name, envVars={"SAYS": "better"})
    eventually(lambda: openfaas.call(name).text == "better", within=READY, what="the next update")
    assert not status(openfaas, name)


def test_an_update_that_does_not_stay_up_is_taken_back_although_it_was_scaled_meanwhile(
    openfaas: OpenFaas, names: Names
) -> None:
    name = names("scaled-meanwhile")
    deploy(openfaas, name, envVars={"SAYS": "well"})
    with calling(openfaas, name, threads=2) as outcomes:
        update(openfaas, name, envVars={"BEHAVIOR": "exit", "CODE": "4"})
        # From now on Swarm would go back to the very version that does not work.
        assert openfaas.scale(name, 2).status_code == 202
        eventually_says(
            openfaas, name, "^the last update was rolled back: (exited|keeps exiting) with code 4; last lines: "
        )
        eventually(
            lambda: openfaas.describe(name)["envVars"] == {"SAYS": "well"}, within=READY, what="the version of before"
        )
        eventually(lambda: openfaas.describe(name)["availableReplicas"] == 2, within=READY, what="two replicas")
    assert set(outcomes) == {OK}


def test_logs_are_cut_by_tail_instance_and_time_and_can_be_followed(openfaas: OpenFaas, names: Names) -> None:
    name = names("logs")
    deploy(openfaas, name, labels={"com.openfaas.scale.min": "2"})

    def lines(**query: str) -> list[dict[str, str]]:
        answer = openfaas.send("GET", "/system/logs", params={"name": name, "follow": "false", **query})
        return [json.loads(line) for line in answer.text.splitlines()]

    both = eventually(lambda: lines() if len(lines()) == 2 else None, within=READY, what="a line of each replica")
    assert {(line["name"], line["namespace"], line["text"]) for line in both} == {
        (name, "openfaas-fn", "behavior: serve")
    }
    assert len({line["instance"] for line in both}) == 2
    assert lines(tail="1") == [max(both, key=lambda line: line["timestamp"])]
    assert lines(tail="-1", instance=both[0]["instance"]) == [both[0]]
    assert lines(since="2100-01-01T00:00:00Z") == []

    query = {"name": name, "follow": "true"}
    with openfaas.send("GET", "/system/logs", params=query, stream=True) as followed:
        told = followed.iter_lines()
        assert {json.loads(next(told))["instance"] for _ in both} == {line["instance"] for line in both}
        openfaas.scale(name, 3)
        third = json.loads(next(told))
    assert third["text"] == "behavior: serve"
    assert third["instance"] not in {line["instance"] for line in both}
