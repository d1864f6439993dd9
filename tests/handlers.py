"""Call a function's handler as the template does, without the template."""

import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from werkzeug.datastructures import Headers, ImmutableMultiDict

from bookstore.errors import BookstoreError
from tests.live import ROOT


@dataclass(frozen=True)
class Request:
    """What a handler gets as `event`."""

    body: bytes
    headers: Headers
    method: str
    query: ImmutableMultiDict[str, str]
    path: str


@dataclass(frozen=True)
class Answer:
    """What comes back, an error as its status and message."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def fields(self) -> set[str]:
        """The fields that were refused."""
        return {error["field"] for error in self.body["errors"]}


def call(
    function: str,
    body: Any = None,
    *,
    path: str = "/",
    query: dict[str, str] | None = None,
    token: str = "",
    **headers: str,
) -> Answer:
    """Call a function; `body` goes as JSON, or as it is when it is bytes."""
    given = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    if body is not None:
        given.setdefault("Content-Type", "application/json")
    if token:
        given["Authorization"] = f"Bearer {token}"
    sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    request = Request(sent, given, "POST", ImmutableMultiDict(query or {}), path)
    try:
        answer = _handler(function).handle(request, None)
    except BookstoreError as error:
        return Answer(error.status, {"detail": str(error), "errors": error.errors, **error.extra}, error.headers)
    return Answer(answer.get("statusCode", 200), answer.get("body"), answer.get("headers", {}))


@cache
def _handler(function: str) -> Any:
    path = ROOT / "functions" / function / "handler.py"
    spec = importlib.util.spec_from_file_location(f"handler_of_{function.replace('-', '_')}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
