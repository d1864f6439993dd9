"""`ready` and `version`."""

import tomllib
from pathlib import Path

from faas.cli import VERSION

INFO = {
    "provider": {"provider": "p", "orchestration": "swarm", "version": {"release": "1", "sha": "a"}},
    "version": {"release": "2", "sha": "b"},
}


def test_a_ready_gateway_is_waited_for_once(cli, gateway):
    gateway.on("GET /healthz", 200)
    ran = cli("ready")
    assert (ran.status, ran.out) == (0, "[1/60] Waiting for gateway\nOpenFaaS gateway is ready\n")


def test_waiting_ends_with_the_last_attempt(cli, gateway):
    gateway.on("GET /system/function/fn", 200, {"name": "fn", "replicas": 1})
    ran = cli("ready", "fn", "--attempts", "2", "--interval", "10ms")
    assert ran.status == 1
    assert ran.out == (
        "[1/2] Waiting for function fn\n[2/2] Waiting for function fn\nFunction fn not ready after: 0.02s\n"
    )


def test_errors_are_shown_while_waiting(cli, gateway):
    ran = cli("ready", "fn", "--attempts", "1", "--interval", "1ms")
    assert "[1/1] Error getting function info: no such function: fn\n" in ran.out


def test_the_versions_of_client_gateway_and_provider_are_shown(cli, gateway):
    gateway.on("GET /system/info", 200, INFO)
    shown = cli("version", "--warn-update=false").out
    assert f" version: {VERSION}\n" in shown
    assert f"Gateway\n uri:     {gateway.url}\n version: 2\n sha:     b\n" in shown
    assert "Provider\n name:          p\n orchestration: swarm\n version:       1 \n sha:           a\n" in shown


def test_a_version_is_shown_without_a_gateway(cli):
    ran = cli("version", "-g", "http://127.0.0.1:1")
    assert ran.status == 0
    assert "Gateway" not in ran.out
    assert cli("version", "--short-version").out == f"{VERSION}\n"


def test_the_version_is_the_projects():
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION
