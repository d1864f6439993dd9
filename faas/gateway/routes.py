"""From `http.route` annotations to the regular expressions of HAProxy's maps. Pure."""

import re
from collections.abc import Iterable

from faas.gateway.functions import Function, Route

_PARAMETER = re.compile(r"\{\w+\}")
_SEGMENT = "[^/]+"


def route_map(functions: Iterable[Function]) -> list[tuple[str, str]]:
    """Entries `^(?:GET|HEAD):/api/books/([^/]+)$` → `get-book:/\\1`: who serves a call, and the path it then sees."""
    return [
        (f"^{_methods(r)}:{_expression(r.path, f'({_SEGMENT})')}$", f"{f.name}:{_rewritten(r.path)}")
        for f, r in _all(functions)
    ]


def method_map(functions: Iterable[Function]) -> list[tuple[str, str]]:
    """Entries `^/api/books/[^/]+$` → `GET, HEAD, PUT`: what a known path may be called with."""
    allowed: dict[str, set[str]] = {}
    for _, route in _all(functions):
        methods = allowed.setdefault(f"^{_expression(route.path, _SEGMENT)}$", set())
        methods.update({"GET", "HEAD"} if route.method == "GET" else {route.method})
    return [(path, ", ".join(sorted(methods))) for path, methods in allowed.items()]


def _all(functions: Iterable[Function]) -> Iterable[tuple[Function, Route]]:
    return ((function, route) for function in functions for route in function.routes)


def _methods(route: Route) -> str:
    return "(?:GET|HEAD)" if route.method == "GET" else route.method


def _expression(path: str, segment: str) -> str:
    return segment.join(re.escape(part) for part in _PARAMETER.split(path))


def _rewritten(path: str) -> str:
    count = len(_PARAMETER.findall(path))
    return "/" + "/".join(f"\\{number}" for number in range(1, count + 1))
