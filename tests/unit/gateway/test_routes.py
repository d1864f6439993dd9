import re

import pytest

from faas.gateway.functions import Function, Route
from faas.gateway.routes import method_map, route_map
from tests.unit.gateway.samples import STATE


def answer(call, functions=STATE.functions):
    """What HAProxy's `map_regm` finds for `METHOD:/path`."""
    for expression, value in route_map(functions):
        if match := re.search(expression, call):
            return match.expand(value)
    return None


def allowed(path, functions=STATE.functions):
    return next((methods for expression, methods in method_map(functions) if re.search(expression, path)), None)


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("GET:/api/books/0190", "get-book:/0190"),
        ("HEAD:/api/books/0190", "get-book:/0190"),
        ("DELETE:/api/books/0190", "remove-book:/0190"),
        ("GET:/api/books/a%2Fb", "get-book:/a%2Fb"),
        ("POST:/api/orders/7/pay", "pay:/7"),
        ("POST:/api/auth/login", "login:/"),
        ("GET:/api/books/", None),
        ("GET:/api/books/1/", None),
        ("GET:/api/books/1/2", None),
        ("GET:/x/api/books/1", None),
        ("PUT:/api/books/1", None),
        ("get:/api/books/1", None),
    ],
)
def test_a_call_reaches_the_function_of_its_route_with_its_parameters_as_path(call, found):
    assert answer(call) == found


def test_several_parameters_become_several_segments_in_their_order():
    function = Function("f", "s", (Route("GET", "/api/a/{x}/b/{y}"),))
    assert answer("GET:/api/a/1/b/2", [function]) == "f:/1/2"


def test_a_dot_in_a_route_is_a_dot():
    function = Function("docs", "s", (Route("GET", "/api/openapi.json"),))
    assert answer("GET:/api/openapi.json", [function]) == "docs:/"
    assert answer("GET:/api/openapi_json", [function]) is None


def test_a_path_lists_the_methods_of_all_its_functions():
    assert allowed("/api/books/1") == "DELETE, GET, HEAD"
    assert allowed("/api/auth/login") == "POST"
    assert allowed("/api/nothing") is None
