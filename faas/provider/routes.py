"""Public routes: what `http.route` declares, and whether two of them would take the same request."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from faas.provider.errors import BadRequest

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_LITERAL = re.compile(r"[A-Za-z0-9._~-]+")
_PARAMETER = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\}")


@dataclass(frozen=True)
class Route:
    """A method and a path below /api; `{x}` stands for exactly one segment."""

    method: str
    path: str

    def overlaps(self, other: "Route") -> bool:
        """Tell whether some request fits both."""
        mine, theirs = self.path.split("/"), other.path.split("/")
        if self.method != other.method or len(mine) != len(theirs):
            return False
        return all(a == b or "{" in a or "{" in b for a, b in zip(mine, theirs, strict=True))

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def parse_routes(declared: str) -> tuple[Route, ...]:
    """Read `GET /api/books, GET /api/books/{id}`. Raises BadRequest saying which route is wrong and how."""
    return tuple(_parse(part.strip()) for part in declared.split(",") if part.strip())


def refuse_overlaps(routes: Sequence[Route], *, owned: Mapping[str, Iterable[Route]]) -> None:
    """Raise BadRequest naming the function that already has one of the routes."""
    for owner, others in owned.items():
        for other in others:
            for route in routes:
                if route.overlaps(other):
                    raise BadRequest(f'http.route "{route}" overlaps "{other}" of function {owner}')


def _parse(text: str) -> Route:
    method, _, path = text.partition(" ")
    path = path.strip()
    if method not in METHODS:
        raise BadRequest(f'http.route "{text}" must begin with a method such as GET')
    if not path.startswith("/api/"):
        raise BadRequest(f'http.route "{text}": the path must begin with /api/')
    for segment in path.split("/")[2:]:
        if not (_LITERAL.fullmatch(segment) or _PARAMETER.fullmatch(segment)):
            raise BadRequest(f'http.route "{text}": "{segment}" is neither a word nor a parameter such as {{id}}')
    return Route(method, path)
