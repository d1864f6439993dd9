"""`login`, `logout`, and which gateway and credentials a call uses."""

import base64

import pytest
import yaml

from faas.cli.client import gateway_url

NOT_ENCRYPTED = "WARNING! You are not using an encrypted connection to the gateway, consider using HTTPS.\n"


@pytest.fixture(autouse=True)
def open_door(gateway):
    gateway.on("GET /system/functions", 200, [])


def stored(tmp_path):
    return yaml.safe_load((tmp_path / "config" / "config.yml").read_text())["auths"]


def basic(credentials):
    return base64.b64encode(credentials.encode()).decode()


def test_a_login_is_checked_and_kept_for_its_owner_only(cli, gateway, tmp_path):
    ran = cli("login", "--username", "joe", "--password-stdin", given="pä:ss\n".encode())
    assert (ran.status, ran.out) == (
        0,
        f"Calling the OpenFaaS server to validate the credentials...\ncredentials saved for joe {gateway.url}\n",
    )
    assert gateway.requests[0].headers["Authorization"] == f"Basic {basic('joe:pä:ss')}"
    assert stored(tmp_path) == [{"gateway": gateway.url, "auth": "basic", "token": basic("joe:pä:ss")}]
    assert (tmp_path / "config" / "config.yml").stat().st_mode & 0o777 == 0o600
    cli("list")
    assert gateway.requests[-1].headers["Authorization"] == f"Basic {basic('joe:pä:ss')}"


def test_a_second_login_replaces_the_first_and_leaves_other_gateways_alone(cli, gateway, tmp_path):
    (tmp_path / "config").mkdir()
    other = {"gateway": "https://other", "auth": "basic", "token": "x", "options": [{"name": "a", "value": "b"}]}
    (tmp_path / "config" / "config.yml").write_text(yaml.safe_dump({"auths": [other]}))
    cli("login", "-p", "one")
    cli("login", "-p", "two")
    assert stored(tmp_path) == [other, {"gateway": gateway.url, "auth": "basic", "token": basic("admin:two")}]


def test_without_a_login_an_empty_or_the_given_token_is_sent(cli, gateway):
    cli("list")
    assert gateway.requests[-1].headers["Authorization"] == "Bearer"
    cli("list", "-k", "token")
    assert gateway.requests[-1].headers["Authorization"] == "Bearer token"


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "Unable to login, either username or password is incorrect"),
        (500, "Server returned unexpected status code: 500 - why"),
    ],
)
def test_what_the_gateway_refuses_is_not_kept(cli, gateway, tmp_path, status, message):
    gateway.on("GET /system/functions", status, b"why")
    ran = cli("login", "--password-stdin", given=b"wrong")
    assert (ran.status, ran.out.splitlines()[-1]) == (1, message)
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Must provide a non-empty password via --password or --password-stdin"),
        (["-s"], "Must provide a non-empty password via --password or --password-stdin"),
        (["-p", "a", "-s"], "--password and --password-stdin are mutually exclusive"),
        (["-u", "", "-p", "a"], "Must provide --username or -u"),
    ],
)
def test_a_login_without_what_it_needs_makes_no_request(cli, gateway, arguments, message):
    ran = cli("login", *arguments)
    assert (ran.status, ran.out.splitlines()[-1]) == (1, message)
    assert gateway.lines == []


def test_a_logout_forgets_the_login_once(cli, gateway):
    cli("login", "-p", "secret")
    assert cli("logout").out == f"credentials removed for {gateway.url}\n"
    assert (cli("logout").status, cli("logout").out) == (1, f"No auth config found for {gateway.url}\n")


def test_a_broken_config_file_is_named(cli, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yml").write_text("- a list")
    ran = cli("list")
    assert ran.status == 1
    assert "config.yml is no config file of faas-cli" in ran.out


def test_credentials_that_leave_the_machine_in_the_clear_are_warned_of(cli):
    assert cli("secret", "list", "-g", "http://0.0.0.0:1", "--tls-no-verify=true").out[:7] != "WARNING"
    assert cli("deploy", "--image", "i", "--name", "n", "-g", "http://0.0.0.0:1").out.startswith(NOT_ENCRYPTED)


@pytest.mark.parametrize(
    ("flag", "stack_file", "environment", "used"),
    [
        ("", "", "", "http://127.0.0.1:8080"),
        ("", "", "http://env", "http://env"),
        ("", "http://file", "http://env", "http://file"),
        ("http://Flag/", "http://file", "http://env", "http://flag"),
        ("http://127.0.0.1:8080", "http://file", "http://env", "http://file"),
        ("http://127.0.0.1:8080", "", "http://env", "http://env"),
        ("host:8080", "", "", "http://host:8080"),
    ],
)
def test_the_gateway_is_the_flags_the_stack_files_or_the_environments(monkeypatch, flag, stack_file, environment, used):
    monkeypatch.setenv("OPENFAAS_URL", environment)
    assert gateway_url(flag, stack_file) == used
