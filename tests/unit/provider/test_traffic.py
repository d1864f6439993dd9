import json

import pytest

from faas.provider.bodies import read_body
from faas.provider.deployment import Deployment
from faas.provider.errors import BadRequest
from faas.provider.traffic import gateway_fields, traffic_of


def traffic(annotations=None, labels=None, env=None):
    fields = {"service": "echo", "image": "i", "annotations": annotations, "labels": labels, "envVars": env}
    return traffic_of(read_body(Deployment, json.dumps(fields)))


def test_a_function_that_declares_nothing_gets_the_defaults():
    assert gateway_fields(traffic()) == {
        "routes": [],
        "max_inflight": 8,
        "exec_timeout": 30.0,
        "ready_path": "/_/health",
        "idempotency_key": False,
        "rate_limit": None,
        "max_body": None,
        "max_replicas": 20,
    }


def test_what_it_declares_reaches_the_gateway():
    declared = traffic(
        annotations={
            "http.route": "POST /api/orders",
            "http.idempotency-key": "true",
            "http.rate-limit": "120/m",
            "http.max-body": "1000",
            "com.openfaas.ready.http.path": "/_/ready",
        },
        labels={"com.openfaas.scale.max": "5"},
        env={"max_inflight": "2", "exec_timeout": "1m"},
    )
    assert gateway_fields(declared) == {
        "routes": [{"method": "POST", "path": "/api/orders"}],
        "max_inflight": 2,
        "exec_timeout": 60.0,
        "ready_path": "/_/ready",
        "idempotency_key": True,
        "rate_limit": 120,
        "max_body": 1000,
        "max_replicas": 5,
    }


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("annotations", "http.rate-limit", "lots"),
        ("annotations", "http.rate-limit", "0/m"),
        ("annotations", "http.max-body", "-1"),
        ("annotations", "http.idempotency-key", "yes"),
        ("annotations", "com.openfaas.ready.http.path", "/x\n  http-request deny"),
        ("labels", "com.openfaas.scale.min", "two"),
        ("env", "max_inflight", "many"),
        ("env", "exec_timeout", "long"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_with_its_name(kind, key, value):
    with pytest.raises(BadRequest, match=key.replace(".", r"\.")):
        traffic(**{kind: {key: value}})


def test_a_maximum_below_the_minimum_is_refused():
    with pytest.raises(BadRequest, match=r"scale\.max"):
        traffic(labels={"com.openfaas.scale.min": "3", "com.openfaas.scale.max": "2"})


@pytest.mark.parametrize(
    ("labels", "replicas"),
    [
        ({}, 1),
        ({"zero": "true"}, 1),
        ({"min": "0"}, 1),
        ({"zero": "false", "min": "0"}, 1),
        ({"zero": "true", "min": "0"}, 0),
        ({"zero": "true", "min": "2"}, 2),
    ],
)
def test_a_new_function_starts_asleep_where_its_labels_allow_no_replica(labels: dict[str, str], replicas: int):
    assert traffic(labels={f"com.openfaas.scale.{name}": value for name, value in labels.items()}).first_replicas == (
        replicas
    )
