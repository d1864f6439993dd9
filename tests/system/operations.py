"""The operations that the API's own description names, and requests to each of them."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from tests.live import ROOT

DOCUMENT: dict[str, Any] = json.loads((ROOT / "bookstore" / "openapi.json").read_text())
# Nothing has this id.
NO_ID = "0198c0de-0000-7000-8000-000000000000"
VERBS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One call that the API offers; `schema` and `example` are those of its body where that is JSON.

    `headers` are those that it needs or takes to be done once, `declared` the schemas of all of them.
    """

    method: str
    path: str
    protected: bool
    for_admins: bool
    headers: tuple[str, ...]
    declared: Mapping[str, Any]
    parameters: tuple[str, ...]
    schema: Any = None
    example: Any = None

    def __str__(self) -> str:
        """Name the test that is about it."""
        return f"{self.method} {self.path}"

    @property
    def body(self) -> bool:
        """Whether it takes one."""
        return self.schema is not None

    @property
    def call(self) -> tuple[str, str]:
        """Method and path of a call about something that does not exist."""
        return self.method, self.about(NO_ID)

    def about(self, name: str) -> str:
        """The path of a call about something."""
        return re.sub(r"\{\w+\}", lambda _: name, self.path.replace("{number}", "1"))

    @property
    def needed_headers(self) -> dict[str, str]:
        """Good values of the headers that it asks for."""
        return {name: '"1"' if name == "If-Match" else "a-key-for-a-test" for name in self.headers}

    def takes(self, body: Any) -> bool:
        """Whether the description allows a body. No text has half a character in it."""
        schema = {**self.schema, "components": DOCUMENT["components"]}
        try:
            return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(body)
        except UnicodeEncodeError:
            return False

    def bodies_with(self, value: Any) -> Iterator[tuple[str, Any]]:
        """The example with each of its fields, and each that it leaves out, replaced by a value; each field's name."""
        optional = [[name] for name in _properties(self.schema) if name not in self.example]
        for place in [*_places(self.example), *optional]:
            body = copy.deepcopy(self.example)
            inside = body
            for step in place[:-1]:
                inside = inside[step]
            inside[place[-1]] = value
            yield ".".join(map(str, place)), body


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
    for path, methods in DOCUMENT["paths"].items():
        for verb in VERBS:
            if found := methods.get(verb):
                asked = found.get("parameters", [])
                media = found.get("requestBody", {}).get("content", {}).get("application/json", {})
                headers = {each["name"]: each["schema"] for each in asked if each["in"] == "header"}
                yield Operation(
                    verb.upper(),
                    path.removeprefix("/api"),
                    protected=bool(found.get("security")),
                    for_admins="for admins" in found["summary"],
                    headers=tuple(name for name in headers if name != "If-None-Match"),
                    declared=headers,
                    parameters=tuple(each["name"] for each in asked if each["in"] == "query"),
                    schema=media.get("schema"),
                    example=media.get("example"),
                )


def _properties(schema: Any) -> Any:
    name = schema["$ref"].rsplit("/", 1)[1]
    return DOCUMENT["components"]["schemas"][name].get("properties", {})


def _places(value: Any) -> Iterator[list[Any]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield [key]
        yield from ([key, *deeper] for deeper in _places(child))
