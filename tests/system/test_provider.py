"""What the provider makes of a deployment on a live Swarm, and what each of its routes answers."""

import json
import re
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.live import Stack
from tests.system.containers import docker
from tests.system.functions import BEHAVING, READY, STEADY, calling, deploy, inspected, spec, update
from tests.system.openfaas import OpenFaas
from tests.system.waiting import eventually

pytestmark = pytest.mark.usefixtures("behaving")
RESERVATIONS = "{{json .Spec.TaskTemplate.Resources.Reservations}}"
Names = Callable[[str], str]


def test_limits_requests_and_a_read_only_root_are_what_the_container_has(
    openfaas: OpenFaas, stack: Stack, names: Names
) -> None:
    name = names("limits")
    limits, requested = {"memory": "64Mi", "cpu": "100m"}, {"memory": "5Mi", "cpu": "0.05"}
    deploy(openfaas, name, limits=limits, requests=requested, readOnlyRootFilesystem=True)
    (seen,) = inspected(stack, name)
    host = seen["HostConfig"]
    assert (host["Memory"], host["NanoCpus"]) == (64 * 2**20, 10**8)
    reserved = docker("service", "inspect", "--format", RESERVATIONS, f"{stack.name}_fn-{name}")
    assert json.loads(reserved) == {"MemoryBytes": 5 * 2**20, "NanoCPUs": 5 * 10**7}
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    write = "import sys; open(sys.argv[1], 'w').write('x')"
    docker("exec", seen["Id"], "python", "-c", write, "/tmp/a-file")
    with pytest.raises(subprocess.CalledProcessError):
        docker("exec", seen["Id"], "python", "-c", write, "/home/a-file")
    told = openfaas.describe(name)
    assert (told["limits"], told["requests"], told["readOnlyRootFilesystem"]) == (limits, requested, True)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"limits": {"memory": "1Mi"}}, "limits.memory"),
        ({"limits": {"cpu": "0.0001"}}, "limits.cpu"),
        ({"limits": {"cpu": "1"}, "requests": {"cpu": "2"}}, "requests are above limits"),
        ({"constraints": ["on the moon"]}, "on the moon"),
        ({"labels": {"com.openfaas.previous": "x"}}, "com.openfaas.previous"),
        ({"secrets": ["no-such-secret"]}, "secret no-such-secret does not exist"),
        ({"image": "bookstore-tests/nowhere:latest"}, "is not on this node"),
    ],
    ids=str,
)
def test_what_cannot_work_is_400_with_the_reason(openfaas: OpenFaas, fields: dict[str, Any], reason: str) -> None:
    refused = openfaas.send("POST", "/system/functions", {**spec("prov-refused"), **fields})
    assert refused.status_code == 400
    assert reason in refused.text


def test_environment_labels_and_annotations_that_are_no_longer_sent_are_gone(
    openfaas: OpenFaas, stack: Stack, names: Names
) -> None:
    name = names("cleared")
    deploy(openfaas, name, envVars={"SAYS": "one"}, labels={"a": "1"}, annotations={"b": "2"})
    update(openfaas, name)
    eventually(lambda: openfaas.call(name).text == "hello", within=READY, what="the default")
    told = openfaas.describe(name)
    assert "envVars" not in told
    assert told["labels"] == {**STEADY, "faas_function": name}
    assert told["annotations"] == {}
    eventually(lambda: not _with_variable(inspected(stack, name), "SAYS"), within=READY, what="the end of SAYS")


def _with_variable(containers: list[dict[str, Any]], name: str) -> list[str]:
    return [each["Id"] for each in containers if any(e.startswith(f"{name}=") for e in each["Config"]["Env"])]


def test_a_constraint_chooses_the_node_and_is_echoed(openfaas: OpenFaas, names: Names) -> None:
    name = names("constrained")
    deploy(openfaas, name, constraints=["node.role == manager"])
    assert openfaas.describe(name)["constraints"] == ["node.role == manager"]


def test_a_listed_function_has_what_was_sent_and_nothing_that_was_not(openfaas: OpenFaas, names: Names) -> None:
    name = names("listed")
    many_lines = '{\n\t"a": "b"\n}'
    sent: dict[str, Any] = {
        "namespace": "openfaas-fn",
        "envProcess": "cat",
        "labels": {"canary": "true"},
        "annotations": {"important": many_lines},
        "limits": {"memory": "5Mi", "cpu": "100m"},
    }
    assert openfaas.send("POST", "/system/functions", spec(name, **sent)).status_code == 202
    listed = openfaas.functions()[name]
    alone = openfaas.describe(name)
    for told in (listed, alone):
        assert {key: told[key] for key in ("name", "image", "namespace", "envProcess", "limits")} == {
            "name": name,
            "image": BEHAVING,
            "namespace": "openfaas-fn",
            "envProcess": "cat",
            "limits": sent["limits"],
        }
        assert told["labels"] == {**STEADY, "canary": "true", "faas_function": name}
        assert told["annotations"].get("important") == many_lines
        assert not {"envVars", "requests", "constraints", "secrets", "readOnlyRootFilesystem", "usage"} & set(told)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", told["createdAt"])


ROUTES: list[tuple[str, str, Any, int]] = [
    ("GET", "/healthz", None, 200),
    ("GET", "/system/info", None, 200),
    ("GET", "/system/namespaces", None, 200),
    ("GET", "/system/namespace/openfaas-fn", None, 200),
    ("GET", "/system/namespace/other", None, 404),
    ("POST", "/system/namespace/", {"name": "other"}, 501),
    ("PUT", "/system/namespace/openfaas-fn", {"name": "openfaas-fn"}, 501),
    ("DELETE", "/system/namespace/openfaas-fn", {"name": "openfaas-fn"}, 501),
    ("GET", "/system/functions", None, 200),
    ("GET", "/system/functions?namespace=openfaas-fn", None, 200),
    ("GET", "/system/functions?namespace=other", None, 400),
    ("HEAD", "/system/functions", None, 405),
    ("PATCH", "/system/functions", None, 405),
    ("POST", "/system/functions", "no JSON", 400),
    ("POST", "/system/functions", [], 400),
    ("POST", "/system/functions", {"service": "prov-x"}, 400),
    ("POST", "/system/functions", {"service": "prov-x", "image": BEHAVING, "namespace": "other"}, 400),
    ("PUT", "/system/functions", "no JSON", 400),
    ("PUT", "/system/functions", {"service": "prov-nobody", "image": BEHAVING}, 404),
    ("DELETE", "/system/functions", "no JSON", 400),
    ("DELETE", "/system/functions", {}, 400),
    ("DELETE", "/system/functions", {"functionName": "prov-nobody"}, 404),
    ("GET", "/system/function/prov-nobody", None, 404),
    ("GET", "/system/function/prov-nobody?usage=1", None, 404),
    ("POST", "/system/scale-function/prov-nobody", {"replicas": 1}, 404),
    ("POST", "/system/scale-function/prov-nobody", "no JSON", 400),
    ("POST", "/system/scale-function/prov-nobody", {"replicas": "many"}, 400),
    ("POST", "/system/rollback/prov-nobody", None, 404),
    ("POST", "/system/alert", "no JSON", 400),
    ("POST", "/system/alert", {"alerts": [{"status": "firing", "labels": {"function_name": "prov-nobody"}}]}, 200),
    ("GET", "/system/secrets", None, 200),
    ("GET", "/system/secrets?namespace=other", None, 400),
    ("POST", "/system/secrets", "no JSON", 400),
    ("POST", "/system/secrets", {"name": "prov-empty"}, 400),
    ("POST", "/system/secrets", {"name": "prov-raw", "rawValue": "?"}, 400),
    ("PUT", "/system/secrets", {"name": "prov-nothing", "value": "x"}, 404),
    ("DELETE", "/system/secrets", {"name": "prov-nothing"}, 404),
    ("GET", "/system/logs?name=prov-nobody", None, 404),
    ("GET", "/system/logs", None, 422),
    ("GET", "/system/logs?name=api-docs&tail=some", None, 422),
    ("GET", "/system/logs?name=api-docs&since=yesterday", None, 422),
    ("GET", "/system/logs?name=api-docs&follow=perhaps", None, 422),
]
# What upstream's gateway makes of the provider's refusals, with or without a word.
UPSTREAM_LOGS = {404: 501, 422: 500}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"), ROUTES, ids=[f"{route[0]} {route[1]} {route[2]}" for route in ROUTES]
)
def test_every_route_answers_with_the_status_of_the_contract(
    openfaas: OpenFaas, upstream: bool, method: str, path: str, body: Any, status: int
) -> None:
    if isinstance(body, str):
        answer = openfaas.send(method, path, data="{" + body)
    else:
        answer = openfaas.send(method, path, body)
    if upstream and path.startswith("/system/logs"):
        assert answer.status_code == UPSTREAM_LOGS[status]
        return
    assert answer.status_code == status, answer.text
    if status in (400, 404, 422, 501):
        assert answer.text.strip()


def test_usage_is_told_on_request_and_left_out_where_it_is_not_known(openfaas: OpenFaas, names: Names) -> None:
    name, ill = names("used"), names("used-not")
    deploy(openfaas, name)
    sent = spec(ill, constraints=["node.labels.moon == full"])
    assert openfaas.send("POST", "/system/functions", sent).status_code == 202
    openfaas.send("GET", f"/system/function/{name}?usage=1")
    with calling(openfaas, name, threads=2):
        time.sleep(2)
        usage = openfaas.send("GET", f"/system/function/{name}?usage=1").json()["usage"]
    assert 5 * 2**20 < usage["totalMemoryBytes"] < 200 * 2**20
    assert 5 < usage["cpu"] < 2000
    listed = {each["name"]: each for each in openfaas.send("GET", "/system/functions?usage=1").json()}
    assert listed[name]["usage"]["totalMemoryBytes"] > 0
    assert "usage" not in listed[ill]
    assert "usage" not in openfaas.functions()[name]


def test_the_plain_list_does_not_wait_for_usage(openfaas: OpenFaas) -> None:
    openfaas.functions()
    took = []
    for _ in range(5):
        begin = time.monotonic()
        openfaas.functions()
        took.append(time.monotonic() - begin)
    assert sorted(took)[2] < 0.3


def test_alerts_scale_by_the_classic_rule(openfaas: OpenFaas, names: Names) -> None:
    name = names("alerted")
    deploy(openfaas, name, labels={"com.openfaas.scale.max": "4", "com.openfaas.scale.factor": "50"})
    for state, replicas in (("firing", 3), ("firing", 4), ("resolved", 1)):
        alert = {"status": state, "labels": {"function_name": f"{name}.openfaas-fn"}}
        assert openfaas.send("POST", "/system/alert", {"alerts": [alert]}).status_code == 200
        assert openfaas.describe(name)["replicas"] == replicas
