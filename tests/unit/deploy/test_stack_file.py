"""Rules that every service of the platform keeps."""

import re
from typing import Any

import pytest
import yaml

from deploy.platform import HEALTH, STACK_FILE
from deploy.recipes import RECIPES
from deploy.secrets import make_secrets, platform_names

STACK: dict[str, Any] = yaml.safe_load(STACK_FILE.read_text())
SERVICES: dict[str, Any] = STACK["services"]

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
    ours = {f"${{IMAGE_{recipe.name.upper().replace('-', '_')}}}" for recipe in RECIPES}
    assert service["image"] in ours


@each_service
def test_it_comes_back_after_every_end(service: dict[str, Any]):
    assert service["deploy"]["restart_policy"]["condition"] == "any"


@each_service
def test_what_holds_a_volume_or_a_port_is_replaced_stop_first(service: dict[str, Any]):
    alone = "ports" in service or any(volume["type"] == "volume" for volume in service["volumes"])
    assert service["deploy"]["update_config"]["order"] == ("stop-first" if alone else "start-first")


@pytest.mark.parametrize("name", ["mariadb", "rabbitmq", "prometheus"])
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
    assert set(HEALTH) == set(SERVICES)


def test_every_secret_of_the_file_is_made(tmp_path):
    made = platform_names("s", make_secrets(tmp_path))
    variables = {f"${{SECRET_{name.upper().replace('-', '_')}}}" for name in made}
    assert {secret["name"] for secret in STACK["secrets"].values()} <= variables


def test_every_variable_of_the_file_is_braced():
    text = "\n".join(line for line in STACK_FILE.read_text().splitlines() if not line.lstrip().startswith("#"))
    assert not re.findall(r"\$(?!\{[A-Z_]+\})", text)
