"""`namespace`: what is asked of the gateway, and what is said."""

import pytest


@pytest.mark.parametrize(
    ("verb", "call", "status", "said"),
    [
        ("create", "POST /system/namespace/", 201, "Creating Namespace: one\nNamespace Created: one\n"),
        ("update", "PUT /system/namespace/one", 202, "Updating Namespace: one\nNamespace Updated: one\n"),
    ],
)
def test_a_namespace_is_created_and_updated_with_openfaas_mark(cli, gateway, verb, call, status, said):
    gateway.on(call, status)
    ran = cli("namespace", verb, "one", "-l", "a=b", "--annotation", "c=d")
    assert (ran.status, ran.out) == (0, said)
    assert gateway.requests[0].json == {
        "name": "one",
        "annotations": {"c": "d", "openfaas": "1"},
        "labels": {"a": "b", "openfaas": "1"},
    }


def test_a_namespace_is_deleted(cli, gateway):
    gateway.on("DELETE /system/namespace/one", 202)
    assert cli("ns", "delete", "one").out == "Deleting Namespace: one\nNamespace Deleted: one\n"


def test_a_namespace_is_shown_with_its_labels(cli, gateway):
    gateway.on("GET /system/namespace/one", 200, {"name": "one", "labels": {"b": "2", "a": "1"}, "annotations": None})
    assert cli("namespace", "get", "one").out == "Name: one\nLabels:\n a: 1\n b: 2\n"


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "Unauthorized action, please setup authentication for this server\n"),
        (404, "Namespace one not found\n"),
        (501, 'Unexpected status code: 501, message: "why"\n'),
    ],
)
@pytest.mark.parametrize("verb", ["get", "create", "update", "delete"])
def test_a_refusal_is_told_and_exits_with_1(cli, gateway, verb, status, message):
    for call in ("GET", "PUT", "DELETE"):
        gateway.on(f"{call} /system/namespace/one", status, b"why")
    gateway.on("POST /system/namespace/", status, b"why")
    ran = cli("namespace", verb, "one")
    assert (ran.status, ran.out[-len(message) :]) == (1, message)


@pytest.mark.parametrize(
    ("names", "message"),
    [([], "Namespace name required\n"), (["a", "b"], "Too many values for namespace name\n")],
)
def test_exactly_one_name_is_needed(cli, names, message):
    assert cli("namespace", "create", *names).out == message


def test_a_flag_without_a_value_is_refused_before_anything_is_sent(cli, gateway):
    ran = cli("namespace", "create", "x", "-l", "a")
    assert (ran.status, ran.out) == (1, "Label format is not correct, needs key=value\n")
    assert gateway.requests == []


def test_namespaces_are_listed_under_both_names(cli, gateway):
    gateway.on("GET /system/namespaces", 200, ["openfaas-fn"])
    assert cli("namespace", "list").out == "Namespaces:\n - openfaas-fn\n"
    assert cli("namespaces").out == "Namespaces:\n - openfaas-fn\n"
