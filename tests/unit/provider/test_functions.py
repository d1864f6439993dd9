import json

import pytest

from faas.provider.bodies import read_body
from faas.provider.deployment import Deployment, check_deployment
from faas.provider.errors import BadRequest
from faas.provider.functions import SecretVersion, function_of, service_spec, status_of, with_replicas
from faas.provider.names import service_name

FULL = {
    "service": "echo",
    "image": "echo:latest",
    "envProcess": "cat",
    "envVars": {"color": "blue", "exec_timeout": "1m"},
    "constraints": ["node.role == worker"],
    "secrets": ["db"],
    "labels": {"com.openfaas.scale.min": "2"},
    "annotations": {"http.route": "GET /api/echo"},
    "limits": {"memory": "5Mi", "cpu": "100m"},
    "requests": {"memory": "4Mi"},
    "readOnlyRootFilesystem": True,
}


def deployment(**fields):
    return read_body(Deployment, json.dumps({"service": "echo", "image": "echo:latest", **fields}))


def spec(of, image="sha256:e1", secret="v1"):
    secrets = {"db": SecretVersion(f"id-{secret}", f"shop_fn-secret-db-{secret}")}
    return service_spec(of, stack="shop", network="net", image=image, secrets=secrets, replicas=1)


def container(**fields):
    return spec(deployment(**fields))["TaskTemplate"]["ContainerSpec"]


def function(of):
    return function_of({"ID": "1", "CreatedAt": "2026-01-02T03:04:05Z", "Spec": spec(of)})


@pytest.mark.parametrize(
    ("sent", "built"),
    [
        ({"envVars": {"a": "1"}, "envProcess": "cat"}, {"Env": ["OPENFAAS_NAME=echo", "a=1", "fprocess=cat"]}),
        ({"readOnlyRootFilesystem": True}, {"ReadOnly": True, "Mounts": [{"Type": "tmpfs", "Target": "/tmp"}]}),
        ({}, {"ReadOnly": False, "Mounts": [], "CapabilityDrop": ["ALL"], "Init": False, "Image": "sha256:e1"}),
        ({}, {"StopGracePeriod": 38 * 10**9}),
        ({"envVars": {"exec_timeout": "1m"}}, {"StopGracePeriod": 68 * 10**9}),
        (
            {"labels": {"team": "a"}},
            {"Labels": {"team": "a", "faas_function": "echo", "com.openfaas.function": "echo"}},
        ),
    ],
)
def test_what_is_sent_shapes_the_container(sent, built):
    assert built.items() <= container(**sent).items()


def test_a_secret_is_a_file_that_everybody_in_the_container_reads():
    (mounted,) = container(secrets=["db"])["Secrets"]
    assert mounted["SecretID"] == "id-v1"
    assert mounted["File"] == {"Name": "/var/openfaas/secrets/db", "UID": "0", "GID": "0", "Mode": 0o444}


def test_limits_and_requests_are_swarms():
    resources = spec(deployment(limits={"memory": "5Mi", "cpu": "100m"}, requests={"cpu": "0.05"}))["TaskTemplate"][
        "Resources"
    ]
    assert resources == {
        "Limits": {"MemoryBytes": 5 * 1024**2, "NanoCPUs": 10**8, "Pids": 256},
        "Reservations": {"NanoCPUs": 5 * 10**7},
    }


def test_the_service_is_found_by_dns_and_updated_without_a_gap():
    built = spec(deployment())
    assert built["Name"] == "shop_fn-echo"
    assert built["EndpointSpec"] == {"Mode": "dnsrr"}
    assert built["TaskTemplate"]["Networks"] == [{"Target": "net"}]
    assert {"Order": "start-first", "Parallelism": 1, "FailureAction": "rollback"}.items() <= built[
        "UpdateConfig"
    ].items()


def test_annotations_are_labels_of_the_service():
    labels = spec(deployment(annotations={"topic": "a,b"}))["Labels"]
    assert labels["com.openfaas.annotations.topic"] == "a,b"
    assert labels["com.openfaas.stack"] == "shop"
    assert labels["com.openfaas.image"] == "echo:latest"


def test_the_status_echoes_what_was_sent_to_the_letter():
    status = status_of(function(deployment(**FULL)), available=1, invocations=7)
    sent = {key: value for key, value in FULL.items() if key not in ("service", "labels")}
    assert sent.items() <= status.items()
    assert status["labels"] == {"com.openfaas.scale.min": "2", "faas_function": "echo"}
    assert (status["name"], status["namespace"]) == ("echo", "openfaas-fn")
    assert (status["replicas"], status["availableReplicas"], status["invocationCount"]) == (1, 1, 7)
    assert status["createdAt"] == "2026-01-02T03:04:05Z"


def test_what_was_not_sent_is_left_out_of_the_status():
    status = status_of(function(deployment(labels=None, limits=None)), available=0, invocations=0)
    assert not {"envVars", "limits", "requests", "secrets", "constraints", "envProcess"} & status.keys()
    assert status["annotations"] == {}


@pytest.mark.parametrize(
    "other",
    [
        spec(deployment(), image="sha256:e2"),
        spec(deployment(envVars={"a": "1"})),
        spec(deployment(annotations={"topic": "x"})),
    ],
)
def test_anything_that_differs_gives_another_digest(other):
    assert other["Labels"]["com.openfaas.spec"] != spec(deployment())["Labels"]["com.openfaas.spec"]


def test_a_new_value_of_a_secret_gives_another_digest_and_replicas_do_not():
    one, other = spec(deployment(secrets=["db"])), spec(deployment(secrets=["db"]), secret="v2")
    assert one["Labels"]["com.openfaas.spec"] != other["Labels"]["com.openfaas.spec"]
    assert with_replicas(one, 5)["Labels"] == one["Labels"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"limits": {"memory": "1Mi"}}, "limits.memory"),
        ({"limits": {"cpu": "x"}}, "limits.cpu"),
        ({"limits": {"cpu": "1"}, "requests": {"cpu": "2"}}, "above limits"),
        ({"namespace": "other"}, "namespace"),
        ({"labels": {"com.openfaas.stack": "other"}}, "com.openfaas.stack"),
        ({"constraints": ["nonsense"]}, "nonsense"),
        ({"image": ""}, "image"),
    ],
)
def test_a_deployment_that_cannot_work_is_refused_with_the_reason(fields, reason):
    with pytest.raises(BadRequest, match=reason):
        check_deployment(deployment(**fields))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"service": "a"}',
        '{"service": 1, "image": "b"}',
        '{"service": "a", "image": "b", "labels": []}',
    ],
)
def test_a_body_that_is_no_deployment_is_refused(body):
    with pytest.raises(BadRequest):
        read_body(Deployment, body)


@pytest.mark.parametrize("name", ["", "a.b", "-a", "a-", "a/b", "ä", "x" * 60])
def test_a_name_that_swarm_would_not_take_is_refused(name):
    with pytest.raises(BadRequest, match="service"):
        service_name(name, stack="shop")
