"""`list` and `describe`, to the byte."""

import pytest

CREATED = "2026-01-02T03:04:05.12Z"
FUNCTIONS = [
    {"name": "zeta", "image": "z:1", "invocationCount": 3, "replicas": 0, "createdAt": CREATED},
    {"name": "alpha", "image": "a/b:1", "invocationCount": 70, "replicas": 2, "createdAt": "2026-03-01T00:00:00+02:00"},
]
FULL = {
    "name": "alpha",
    "image": "a/b:1",
    "replicas": 2,
    "availableReplicas": 1,
    "envProcess": "python index.py",
    "envVars": {"B": "2", "A": "1"},
    "labels": {"l": "v"},
    "annotations": {"topic": "a,b"},
    "constraints": ["node.role == worker"],
    "secrets": ["api-key"],
    "limits": {"memory": "5Mi", "cpu": "100m"},
    "requests": {"memory": "1Mi"},
    "usage": {"cpu": 12.6, "totalMemoryBytes": 123456789},
}


@pytest.fixture(autouse=True)
def deployed(gateway):
    gateway.on("GET /system/functions", 200, FUNCTIONS)
    gateway.on("GET /system/function/alpha", 200, FULL)


def test_functions_are_listed_by_name_in_fixed_columns(cli):
    assert cli("list").out == (
        "Function                      \tInvocations    \tReplicas\n"
        "alpha                         \t70             \t2    \n"
        "zeta                          \t3              \t0    \n"
    )


def test_the_wide_list_has_images_and_times_as_go_prints_them(cli):
    assert cli("ls", "-v").out.splitlines() == [
        f"{'Function':30}\t{'Image':40}\t{'Invocations':15}\tReplicas\tCreatedAt",
        f"{'alpha':30}\t{'a/b:1':40}\t{'70':15}\t2    \t\t2026-03-01 00:00:00 +0200 +0200",
        f"{'zeta':30}\t{'z:1':40}\t{'3':15}\t0    \t\t2026-01-02 03:04:05.12 +0000 UTC",
    ]


@pytest.mark.parametrize(
    ("order", "names"),
    [("name", "alpha zeta"), ("invocations", "alpha zeta"), ("creation", "zeta alpha"), ("x", "zeta alpha")],
)
def test_the_list_is_ordered_as_asked(cli, order, names):
    assert cli("list", "-q", "--sort", order).out.split() == names.split()


def test_the_namespace_is_asked_for(cli, gateway):
    cli("list", "-n", "other")
    assert gateway.lines == ["GET /system/functions?namespace=other"]


def test_an_empty_gateway_gives_the_header_only(cli, gateway):
    gateway.on("GET /system/functions", 200, b"null")
    assert cli("list").out == "Function                      \tInvocations    \tReplicas\n"


def test_a_function_is_described_in_aligned_columns(cli, gateway):
    assert (
        cli("describe", "alpha").out
        == f"""\
Name:               alpha
Status:             Ready
Replicas:           2
Available Replicas: 1
Invocations:        70
Image:              a/b:1
Function Process:   python index.py
URL:                {gateway.url}/function/alpha
Async URL:          {gateway.url}/async-function/alpha
Labels:
 l: v
Annotations:
 topic: a,b
Constraints:
 - node.role == worker
Environment:
 A: 1
 B: 2
Secrets:
 - api-key
Requests:
 CPU: {""}
 Memory: 1Mi
Limits:
 CPU: 100m
 Memory: 5Mi
Usage:
  RAM:  117.74 MB
  CPU:  13 Mi
"""
    )


def test_what_a_function_lacks_is_named_when_asked_for_more(cli, gateway):
    gateway.on("GET /system/function/bare", 200, {"name": "bare", "image": "b"})
    shown = cli("describe", "bare", "--verbose", "-n", "ns").out
    assert "Status:             Not Ready\n" in shown
    assert "Function Process:   <default>\n" in shown
    assert f"URL:                {gateway.url}/function/bare.ns\n" in shown
    assert "Labels:              <none>\n" in shown
    assert "Labels" not in cli("describe", "bare").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["describe"], "Please provide a name for the function"),
        (["describe", "missing"], "No such function: missing"),
        (["list", "-g", "127.0.0.1:1"], "Cannot connect to OpenFaaS on URL: http://127.0.0.1:1"),
        (["list", "-f", "nope.yml"], "Open nope.yml: no such file or directory"),
        (["list", "--nope"], "No such option: --nope"),
        (["lst"], 'Unknown command "lst" for "faas-cli"\n\nDid you mean this?\n\tlist'),
    ],
)
def test_every_error_is_on_standard_output_in_upper_case_and_exits_with_1(cli, arguments, message):
    ran = cli(*arguments)
    assert (ran.status, ran.out[: len(message)], ran.err) == (1, message, "")


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, b"", 'Unauthorized access, run "faas-cli login" to setup authentication for this server\n'),
        (500, b"why", "Server returned unexpected status code: 500 - why\n"),
        (202, b"[]", "Server returned unexpected status code: 202 - []\n"),
    ],
)
def test_an_answer_that_is_no_list_fails(cli, gateway, status, body, message):
    gateway.on("GET /system/functions", status, body)
    assert (cli("list").status, cli("list").out) == (1, message)
