"""`invoke`: the request that is made, and what becomes of the answer."""

import pytest


@pytest.fixture(autouse=True)
def echo(gateway):
    gateway.on("POST /function/echo", 200, b"\xc3\xbc no newline")


def test_the_input_is_sent_and_the_answer_comes_out_as_it_is(cli, gateway):
    ran = cli("invoke", "echo", given=b"\x00body")
    assert (ran.status, ran.out, ran.err) == (0, "ü no newline", "")
    request = gateway.requests[0]
    assert (request.line, request.body, request.headers["Content-Type"]) == (
        "POST /function/echo",
        b"\x00body",
        "text/plain",
    )


def test_the_gateways_credentials_never_reach_a_function(cli, gateway):
    gateway.on("GET /system/functions", 200, [])
    cli("login", "--password-stdin", given=b"secret")
    cli("invoke", "echo")
    assert "Authorization" not in gateway.requests[-1].headers


def test_flags_shape_the_request(cli, gateway):
    gateway.on("PUT /function/echo.ns", 201)
    ran = cli(
        *("invoke", "echo", "-n", "ns", "-m", "PUT", "--content-type", "application/json"),
        *("--query", "a=1", "--query", "b=2", "-H", "X-A=b=c", "--sign", "X-Sig", "--key", "k"),
        given=b"hello",
    )
    assert ran.status == 0
    request = gateway.requests[0]
    assert request.line == "PUT /function/echo.ns?a=1&b=2"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-A"] == "b=c"
    assert request.headers["X-Sig"] == "sha1=0b7938d1a2cdcafa94645a5c3508f7236ae457a9"


def test_a_queued_call_says_so_beside_the_output(cli, gateway):
    gateway.on("POST /async-function/echo", 202, b"ignored")
    ran = cli("invoke", "echo", "--async")
    assert (ran.status, ran.out, ran.err) == (0, "", "Function submitted asynchronously.\n")


@pytest.mark.parametrize(
    ("status", "exit_status", "out"),
    [
        (204, 0, ""),
        (401, 1, 'Unauthorized access, run "faas-cli login" to setup authentication for this server\n'),
        (404, 1, "Server returned unexpected status code: 404 - why\n"),
    ],
)
def test_the_exit_status_follows_the_answer(cli, gateway, status, exit_status, out):
    gateway.on("POST /function/echo", status, b"" if status == 204 else b"why")
    ran = cli("invoke", "echo")
    assert (ran.status, ran.out) == (exit_status, out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Please provide a name for the function"),
        (["echo", "--sign", "X"], "Signing requires both --sign <header-value> and --key <key-value>"),
        (["echo", "-m", "FOO"], "The --method or -m flag must take one of these values (GET/POST/PUT/PATCH/DELETE)"),
        (["echo", "--query", "a"], "The --query flags must take the form of key=value (= not found)"),
        (["echo", "--query", "a="], "The --query flag must take the form of: key=value (empty value given"),
        (["echo", "-H", "a"], "The --header or -H flag must take the form of key=value"),
        (["echo", "-H", "a="], "The --header or -H flag must take the form of key=value (empty value given)"),
        (["echo", "-H", "=a"], "The --header or -H flag must take the form of key=value (empty key given)"),
    ],
)
def test_wrong_flags_are_refused_before_any_request(cli, gateway, arguments, message):
    ran = cli("invoke", *arguments)
    assert (ran.status, ran.out[: len(message)]) == (1, message)
    assert gateway.lines == []


def test_an_unreachable_gateway_is_named_with_the_reason(cli):
    ran = cli("invoke", "echo", "-g", "http://127.0.0.1:1")
    assert ran.status == 1
    assert ran.out == (
        '\nPost "http://127.0.0.1:1/function/echo": connection refused\n'
        "Cannot connect to OpenFaaS on URL: http://127.0.0.1:1\n"
    )
