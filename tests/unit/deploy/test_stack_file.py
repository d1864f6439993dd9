"""Rules that every service of the platform keeps."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.platform import HEALTH, STACK_FILE, UPSTREAM_FILE, services, variables
from deploy.recipes import RECIPES_WITH_REGISTRY
from deploy.registry import STACK_FILE as REGISTRY_FILE
from deploy.secrets import make_secrets, platform_names
from deploy.settings import ROOT, read_settings
from deploy.stop import FIRST, LAST

STACK: dict[str, Any] = yaml.safe_load(STACK_FILE.read_text())
REGISTRY: dict[str, Any] = yaml.safe_load(REGISTRY_FILE.read_text())
UPSTREAM: dict[str, Any] = yaml.safe_load(UPSTREAM_FILE.read_text())["services"]
SERVICES: dict[str, Any] = {**STACK["services"], **REGISTRY["services"], "upstream": UPSTREAM["upstream"]}

each_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


@each_service
def test_it_is_found_by_dns_and_has_no_virtual_address(service: dict[str, Any]):
    assert service["deploy"]["endpoint_mode"] == "dnsrr"


@each_service
def test_its_ports_are_the_hosts_own(service: dict[str, Any]):
    assert all(port["mode"] == "host" for port in service.get("ports", []))


@each_service
def test_it_has_no_capability_and_cannot_write_its_root(service: dict[str, Any]):
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert "/tmp" in [volume["target"] for volume in service["volumes"]]


@each_service
def test_its_memory_processes_and_logs_are_limited(service: dict[str, Any]):
    limits = service["deploy"]["resources"]["limits"]
    assert limits["memory"]
    assert limits["pids"] <= 1200
    assert service["logging"]["options"]["max-size"]


@each_service
def test_its_image_is_one_of_ours_by_id(service: dict[str, Any]):
    ours = {f"${{IMAGE_{recipe.name.upper().replace('-', '_')}}}" for recipe in RECIPES_WITH_REGISTRY}
    assert service["image"] in ours | {"${IMAGE_UPSTREAM}"}


@each_service
def test_it_comes_back_after_every_end(service: dict[str, Any]):
    assert service["deploy"]["restart_policy"]["condition"] == "any"


@each_service
def test_what_holds_a_volume_or_a_port_is_replaced_stop_first(service: dict[str, Any]):
    alone = "ports" in service or any(volume["type"] == "volume" for volume in service["volumes"])
    assert service["deploy"]["update_config"]["order"] == ("stop-first" if alone else "start-first")


@pytest.mark.parametrize("name", ["mariadb", "rabbitmq", "prometheus", "search", "registry", "upstream"])
def test_data_stays_on_the_node_that_holds_it(name: str):
    assert SERVICES[name]["deploy"]["placement"]["constraints"] == ["node.labels.bookstore.data == true"]


def test_only_the_provider_reaches_the_engine():
    with_socket = [name for name, service in SERVICES.items() if "DOCKER_SOCKET" in str(service["volumes"])]
    assert with_socket == ["provider"]
    assert SERVICES["provider"]["user"].startswith("10001:")


def test_no_secret_is_in_an_environment():
    for service in SERVICES.values():
        assert not [name for name in service.get("environment", {}) if re.search("PASSWORD|SECRET|KEY|TOKEN", name)]


def test_every_service_has_a_sign_of_health():
    assert set(HEALTH) == {*STACK["services"], "upstream"}


def test_every_service_is_stopped_in_its_turn():
    assert sorted((*FIRST, *LAST)) == sorted(SERVICES)


def test_the_registry_comes_before_the_platform_on_a_network_that_fits_it():
    assert REGISTRY["networks"] == STACK["networks"]


def test_only_with_its_image_is_upstreams_gateway_a_service_and_told_to_haproxy():
    assert set(services({})) == set(STACK["services"])
    assert set(services({"upstream": "sha256:0"})) == {*STACK["services"], "upstream"}
    assert UPSTREAM.keys() == {"gateway", "upstream"}
    assert UPSTREAM["gateway"] == {"environment": {"UPSTREAM": "upstream"}}


def test_upstreams_gateway_leaves_to_haproxy_what_haproxy_does_better():
    environment = UPSTREAM["upstream"]["environment"]
    assert environment["functions_provider_url"] == "http://gateway:8081/"
    assert environment["scale_from_zero"] == "false"
    assert {environment[f"{part}_timeout"] for part in ("read", "write", "upstream")} == {"24h"}


def test_the_metrics_of_upstreams_gateway_are_not_scraped_for_it_would_count_every_call_twice():
    scraped = (STACK_FILE.parent / "images" / "prometheus" / "prometheus.yml").read_text()
    assert "names: [gateway]" in scraped
    assert "upstream" not in scraped


def test_the_shop_tells_the_delivery_prices_that_orders_are_charged():
    functions = yaml.safe_load((ROOT / "stack.yml").read_text())["functions"]
    charged = functions["place-order"]["environment"]
    told = {name: cents for name, cents in SERVICES["client"]["environment"].items() if name.startswith("DELIVERY_")}
    assert told == {name: cents for name, cents in charged.items() if name.startswith("DELIVERY_")}
    assert len(told) == 3


def test_the_shop_is_told_the_currency_of_all_prices(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("deploy.platform.docker_socket", lambda: Path("/"))
    assert SERVICES["client"]["environment"]["CURRENCY"] == "${CURRENCY}"
    assert variables(read_settings({"CURRENCY": "EUR"}), {}, {})["CURRENCY"] == "EUR"


def test_every_secret_of_the_file_is_made(tmp_path):
    made = platform_names("s", make_secrets(tmp_path))
    variables = {f"${{SECRET_{name.upper().replace('-', '_')}}}" for name in made}
    assert {secret["name"] for secret in STACK["secrets"].values()} <= variables


@pytest.mark.parametrize("file", [STACK_FILE, UPSTREAM_FILE, REGISTRY_FILE], ids=lambda file: file.name)
def test_every_variable_of_the_file_is_braced(file: Path):
    text = "\n".join(line for line in file.read_text().splitlines() if not line.lstrip().startswith("#"))
    assert not re.findall(r"\$(?!\{[A-Z_]+(:-\w+)?\})", text)
