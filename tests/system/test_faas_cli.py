"""`faas-cli` against the live gateway, as the operator types it."""

import json
import uuid
from pathlib import Path

import pytest

from tests.live import Stack
from tests.system.openfaas import IMAGE, OpenFaas
from tests.system.waiting import eventually

HELLO = "tests-hello"
STACK_FILE = f"""
version: 1.0
provider:
  name: openfaas
functions:
  {HELLO}:
    lang: bookstore-python
    handler: ./nowhere
    image: {IMAGE}
    annotations:
      com.openfaas.ready.http.path: /_/ready
"""


@pytest.fixture(scope="module")
def cli(stack: Stack) -> Stack:
    """The stack, with the operator signed in."""
    password = stack.secret("basic-auth-password")
    done = stack.faas_cli("login", "--username", "admin", "--password", password, "--gateway", stack.gateway_url)
    assert done.returncode == 0, done.stdout + done.stderr
    return stack


def says(stack: Stack, *arguments: str) -> str:
    """What a command prints that must succeed."""
    done = stack.faas_cli(*arguments, "--gateway", stack.gateway_url)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_functions_are_listed(cli: Stack, openfaas: OpenFaas) -> None:
    header, *rows = says(cli, "list").splitlines()
    assert header.split() == ["Function", "Invocations", "Replicas"]
    assert [row.split()[0] for row in rows] == sorted(openfaas.functions())


def test_a_function_is_described(cli: Stack) -> None:
    text = says(cli, "describe", "place-order")
    described = dict(line.split(":", 1) for line in text.splitlines() if ":" in line and not line.startswith(" "))
    assert described["Name"].strip() == "place-order"
    assert described["Status"].strip() == "Ready"
    assert "http.route: POST /api/orders" in text
    assert cli.faas_cli("describe", "no-such-function", "--gateway", cli.gateway_url).returncode == 1


def test_a_function_is_called(cli: Stack) -> None:
    assert json.loads(says(cli, "invoke", "api-docs"))["openapi"].startswith("3.")


def test_logs_are_shown(cli: Stack, openfaas: OpenFaas) -> None:
    call = f"call-{uuid.uuid4()}"
    openfaas.call("api-docs", headers={"X-Call-Id": call})
    eventually(
        lambda: call in says(cli, "logs", "api-docs", "--tail=false", "--lines", "20"),
        within=10,
        what="the call's line",
    )


def test_a_function_of_a_stack_file_is_deployed_and_removed(cli: Stack, openfaas: OpenFaas, tmp_path: Path) -> None:
    file = tmp_path / "tests.yml"
    file.write_text(STACK_FILE)
    assert "Deployed. 202 Accepted." in says(cli, "deploy", "--yaml", str(file))
    eventually(lambda: openfaas.call(HELLO).ok, within=30, what="an answer")
    says(cli, "remove", HELLO)
    assert HELLO not in openfaas.functions()


def test_a_secret_is_kept_and_removed(cli: Stack) -> None:
    name = f"tests-{uuid.uuid4().hex[:8]}"
    says(cli, "secret", "create", name, "--from-literal", "a value")
    assert name in says(cli, "secret", "list").split()
    says(cli, "secret", "remove", name)
    assert name not in says(cli, "secret", "list").split()
