"""The rules that keep the folders apart and the lists in step."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bookstore.proofs import ANSWER_SECONDS

ROOT = Path(__file__).parents[3]
FUNCTIONS = yaml.safe_load((ROOT / "stack.yml").read_text())["functions"]
DOMAINS = ("accounts", "catalog", "orders")


def imports_of(folder: str) -> Iterator[tuple[Path, str]]:
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield path, node.module


def offenders(folder: str, *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {module}"
        for path, module in imports_of(folder)
        if any(module == name or module.startswith(f"{name}.") for name in forbidden)
    ]


def annotations(name: str) -> dict[str, str]:
    return FUNCTIONS[name].get("annotations", {})


def test_the_platform_knows_nothing_of_books_and_the_bookstore_nothing_of_the_platform():
    assert offenders("bookstore", "faas", "client", "deploy") == []
    assert offenders("faas", "bookstore", "client", "deploy") == []


def test_the_shop_talks_to_the_api_only():
    assert offenders("client", "bookstore", "faas", "deploy") == []


def test_the_operators_page_could_be_served_by_anybody():
    assert offenders("faas/dashboard", "faas.provider", "faas.gateway") == []


def test_the_template_serves_any_application():
    assert offenders("template", "bookstore", "faas", "client") == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_domain_imports_another(domain):
    others = [f"bookstore.{other}" for other in DOMAINS if other != domain]
    assert offenders(f"bookstore/{domain}", *others) == []


def test_what_the_domains_share_imports_none_of_them():
    shared = [path.name for path in (ROOT / "bookstore").glob("*.py")]
    found = [
        (path.name, module)
        for path, module in imports_of("bookstore")
        if path.parent.name == "bookstore" and path.name in shared
        if any(module.startswith(f"bookstore.{domain}") for domain in DOMAINS)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("folder", "library", "door"),
    [
        ("faas", "aiodocker", {"swarm.py"}),
        ("faas/cli", "requests", {"client.py"}),
        ("faas/cli", "docker", {"engine.py"}),
        ("faas/connector", "pika", {"broker.py"}),
        ("bookstore", "pika", {"broker.py"}),
        ("bookstore", "pymysql", {"database.py"}),
    ],
)
def test_each_outside_thing_has_one_door(folder, library, door):
    users = {path.name for path, module in imports_of(folder) if module.split(".")[0] == library}
    assert users <= door


def test_only_the_search_service_knows_its_engine_and_no_function_needs_it():
    engine = [path for path, module in imports_of("bookstore") if module == "tantivy"]
    assert {path.relative_to(ROOT).parent.as_posix() for path in engine} == {"bookstore/catalog/index"}
    rest = [path for path, module in imports_of("bookstore") if module.startswith("bookstore.catalog.index")]
    assert {path.relative_to(ROOT).parent.as_posix() for path in rest} == {"bookstore/catalog/index"}


def test_every_function_folder_is_in_the_stack_file_and_the_reverse():
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}
    assert folders == set(FUNCTIONS)


def test_every_public_function_is_in_the_openapi_file_and_the_reverse():
    document = json.loads((ROOT / "bookstore" / "openapi.json").read_text())
    documented = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    routes = {
        re.sub(r"\s+", " ", route.strip())
        for name in FUNCTIONS
        for route in annotations(name).get("http.route", "").split(",")
        if route.strip()
    }
    assert {re.sub(r"\{\w+\}", "{}", route) for route in documented} == {
        re.sub(r"\{\w+\}", "{}", route) for route in routes
    }


def test_only_functions_called_by_the_connector_hold_its_key():
    holders = {name for name, spec in FUNCTIONS.items() if "event-signing-key" in spec.get("secrets", [])}
    called = {name for name in FUNCTIONS if "topic" in annotations(name)}
    assert holders == called


def test_the_audit_is_given_the_time_that_one_of_its_statements_may_take():
    assert FUNCTIONS["audit-orders"]["environment"]["exec_timeout"] == f"{ANSWER_SECONDS:g}s"


def test_a_function_is_public_or_private_never_both():
    assert [name for name in FUNCTIONS if ("http.route" in annotations(name)) == ("topic" in annotations(name))] == []


def test_the_private_signing_key_is_held_only_by_functions_that_issue_tokens():
    holders = {name for name, spec in FUNCTIONS.items() if "jwt-private-key" in spec.get("secrets", [])}
    assert holders == {"register", "login", "refresh-token"}


def test_every_function_knows_the_currency_of_all_prices():
    assert {spec["environment"].get("CURRENCY") for spec in FUNCTIONS.values()} == {"${CURRENCY:-USD}"}


def test_a_quote_and_its_order_are_reckoned_with_the_same_settings():
    asked, placed = (FUNCTIONS[name]["environment"] | {"max_inflight": ""} for name in ("quote-order", "place-order"))
    assert asked == placed
    assert {"DELIVERY_STANDARD_CENTS", "TAX_BASIS_POINTS", "ORDER_LIFETIME_MINUTES"} <= set(asked)


@pytest.mark.parametrize("path", sorted((ROOT / "functions").glob("*/handler.py")), ids=lambda path: path.parent.name)
def test_handlers_parse_call_and_answer(path):
    tree = ast.parse(path.read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try)], "the template turns errors into answers"
    assert len(path.read_text().splitlines()) <= 40
