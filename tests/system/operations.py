"""The operations that the API's own description names, and requests to each of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.live import ROOT

# Nothing has this id.
NO_ID = "0198c0de-0000-7000-8000-000000000000"
VERBS = ("get", "put", "post", "delete")


@dataclass(frozen=True)
class Operation:
    """One call that the API offers."""

    method: str
    path: str
    protected: bool
    body: bool
    headers: tuple[str, ...]

    def __str__(self) -> str:
        """Name the test that is about it."""
        return f"{self.method} {self.path}"

    @property
    def call(self) -> tuple[str, str]:
        """Method and path of a call about something that does not exist."""
        return self.method, self.path.replace("{id}", NO_ID).replace("{number}", "1")

    @property
    def needed_headers(self) -> dict[str, str]:
        """Good values of the headers that it asks for."""
        return {name: '"1"' if name == "If-Match" else "a-key-for-a-test" for name in self.headers}


def operations() -> list[Operation]:
    """All of them, in the order of the description."""
    return list(_read())


def allowed_methods() -> dict[str, set[str]]:
    """What every path may be called with."""
    allowed: dict[str, set[str]] = {}
    for operation in operations():
        methods = allowed.setdefault(operation.path, set())
        methods.update({"GET", "HEAD"} if operation.method == "GET" else {operation.method})
    return allowed


def _read() -> Iterator[Operation]:
    document: dict[str, Any] = json.loads((ROOT / "bookstore" / "openapi.json").read_text())
    for path, methods in document["paths"].items():
        for verb in VERBS:
            if found := methods.get(verb):
                asked = [each["name"] for each in found.get("parameters", []) if each["in"] == "header"]
                yield Operation(
                    verb.upper(),
                    path.removeprefix("/api"),
                    protected=bool(found.get("security")),
                    body="application/json" in found.get("requestBody", {}).get("content", {}),
                    headers=tuple(name for name in asked if name != "If-None-Match"),
                )
