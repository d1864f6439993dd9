"""From what a handler returns to a response, by the rules of OpenFaaS' python3-http template.

A plain `dict` is an envelope of `statusCode`, `body` and `headers`; everything else is what Flask would make of it. One
rule is better than there: a body of bytes goes out as it is.
"""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

_TEXT = "text/html; charset=utf-8"
_JSON = "application/json"
_PHRASES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Answer(NamedTuple):
    """A response: status code, headers as pairs, and the whole body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def status_line(self) -> str:
        """Code and phrase, as WSGI wants them."""
        return _PHRASES.get(self.status) or f"{self.status} Unknown"


def answer(returned: Any) -> Answer:
    """The response to a handler's return value. Raises TypeError for one that means nothing."""
    if type(returned) is dict:
        return _from_envelope(returned)
    if isinstance(returned, tuple):
        return _from_tuple(returned)
    if returned is None:
        return Answer(200, [("Content-Type", _TEXT)], b"")
    content_type, body = _content(returned)
    return Answer(200, [("Content-Type", content_type)], body)


def json_bytes(value: Any) -> bytes:
    """JSON in its smallest form, with a newline at the end."""
    return json.dumps(value, separators=(",", ":"), default=str).encode() + b"\n"


def _from_envelope(envelope: dict[str, Any]) -> Answer:
    status = int(envelope.get("statusCode") or 200)
    body = envelope.get("body", "")
    content_type, content = (_JSON, json_bytes(body)) if type(body) is dict else (_TEXT, _bytes(body))
    return _complete(status, _pairs(envelope.get("headers")), content_type, content)


def _from_tuple(returned: tuple[Any, ...]) -> Answer:
    content_type, content = _content(returned[0])
    rest = returned[1:]
    status = next((int(part) for part in rest if isinstance(part, int | str)), 200)
    headers = next((_pairs(part) for part in rest if isinstance(part, Mapping | list)), [])
    return _complete(status, headers, content_type, content)


def _complete(status: int, headers: list[tuple[str, str]], content_type: str, content: bytes) -> Answer:
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", content_type))
    return Answer(status, headers, content)


def _content(value: Any) -> tuple[str, bytes]:
    if isinstance(value, str | bytes | bytearray):
        return _TEXT, _bytes(value)
    if isinstance(value, dict | list):
        return _JSON, json_bytes(value)
    raise TypeError(f"A handler cannot return {type(value).__name__}.")


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode()


def _pairs(headers: Mapping[str, Any] | Iterable[tuple[str, Any]] | None) -> list[tuple[str, str]]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or []
    return [(str(name), str(value)) for name, value in pairs]
