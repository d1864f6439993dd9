"""A document whose requests can be run: `http` blocks, each request followed by its answer.

A word such as `$BOOK` stands for a value that is found in one answer and used from then on; one that is new in a
request is made up there. An answer shows what matters: there may be fields that it does not mention, and `…` stands for
anything.
"""

import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

_BLOCK = re.compile(r"^```http\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"\$([A-Z][A-Z0-9_]*)")
_ANYTHING = "…"
_STAND_IN = re.compile(rf"{_WORD.pattern}|{_ANYTHING}")
_WITHIN = 30.0
# What a domain answers that has yet to hear of what happened in another.
_NOT_YET = {403, 404, 409}

Values = dict[str, str]


@dataclass(frozen=True)
class Message:
    """A block: its first line, its headers and its body."""

    line: int
    start: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Step:
    """A request and the answer that the document shows."""

    request: Message
    answer: Message

    @property
    def status(self) -> int:
        """The answer's status."""
        return int(self.answer.start.split()[0])

    def __str__(self) -> str:
        return f"line {self.request.line}: {self.request.start}"


def steps(document: Path) -> list[Step]:
    """The requests of a document with their answers. Raises ValueError where they do not alternate."""
    text = document.read_text(encoding="utf-8")
    messages = [_message(block[1], text.count("\n", 0, block.start()) + 2) for block in _BLOCK.finditer(text)]
    for place, message in enumerate(messages):
        if message.start[0].isdigit() != bool(place % 2):
            raise ValueError(f"{document.name}, line {message.line}: a request and its answer take turns")
    return [Step(*pair) for pair in zip(messages[::2], messages[1::2], strict=True)]


def perform(step: Step, url: str, values: Values) -> Values:
    """Send a request until its answer is what the document shows; return the values that are known afterwards.

    The domains hear of each other within moments: a reading, and what is refused so far, is sent again for 30 seconds.
    Raises AssertionError saying what is different.
    """
    deadline = time.monotonic() + _WITHIN
    while True:
        known = dict(values)
        response = _send(step.request, url, known)
        wrong = list(differences(step, response.status_code, response.headers, response.text, known))
        if not wrong:
            return known
        again = step.request.start.startswith("GET ") or response.status_code in _NOT_YET - {step.status}
        if not again or time.monotonic() > deadline:
            raise AssertionError("\n".join([str(step), *wrong, response.text[:2000]]))
        time.sleep(0.1)


def differences(step: Step, status: int, headers: Mapping[str, str], text: str, values: Values) -> Iterator[str]:
    """What of an answer is not as shown; values that the document names for the first time are added to `values`."""
    if status != step.status:
        yield f"status {status} instead of {step.status}"
    for name, shown in step.answer.headers.items():
        yield from _text_differs(name, shown, headers.get(name, ""), values)
    if step.answer.body and step.answer.headers.get("Content-Type", "application/json").endswith("json"):
        yield from _json_differs("", json.loads(step.answer.body), json.loads(text or "null"), values)
    else:
        yield from _text_differs("the body", step.answer.body, text.replace("\r\n", "\n"), values)


def _message(block: str, line: int) -> Message:
    head, _, body = block.partition("\n\n")
    start, *headers = head.strip().split("\n")
    pairs = (header.partition(":") for header in headers)
    return Message(line, start, {name: value.strip() for name, _, value in pairs}, body)


def _send(request: Message, url: str, values: Values) -> requests.Response:
    method, path = request.start.split(" ", 1)
    headers = {name: _filled(value, values) for name, value in request.headers.items()}
    if request.body:
        headers.setdefault("Content-Type", "application/json")
    body = _filled(request.body, values).encode()
    return requests.request(method, url + _filled(path, values), headers=headers, data=body, timeout=15)


def _filled(text: str, values: Values) -> str:
    return _WORD.sub(lambda word: values.setdefault(word[1], uuid.uuid4().hex), text)


def _json_differs(place: str, shown: Any, found: Any, values: Values) -> Iterator[str]:
    if isinstance(shown, dict) and isinstance(found, dict):
        for name, value in shown.items():
            yield from _json_differs(f"{place}.{name}", value, found.get(name), values)
    elif isinstance(shown, list) and isinstance(found, list):
        expected = shown[:-1] if shown[-1:] == [_ANYTHING] else shown
        if len(found) < len(expected) or (len(found) > len(expected) and expected is shown):
            yield f"{place} has {len(found)} items instead of {len(expected)}"
        for number, (value, item) in enumerate(zip(expected, found, strict=False)):
            yield from _json_differs(f"{place}[{number}]", value, item, values)
    elif isinstance(shown, str) and isinstance(found, str):
        yield from _text_differs(place, shown, found, values)
    elif shown != found and not (shown == _ANYTHING and found is not None):
        yield f"{place} is {found!r} instead of {shown!r}"


def _text_differs(place: str, shown: str, found: str, values: Values) -> Iterator[str]:
    expression, end = "", 0
    names: list[str] = []
    for stand_in in _STAND_IN.finditer(shown):
        expression += re.escape(shown[end : stand_in.start()]) + _expression(stand_in[1], values, names)
        end = stand_in.end()
    match = re.fullmatch(expression + re.escape(shown[end:]), found)
    if match:
        values.update(zip(names, match.groups(), strict=True))
    else:
        yield f"{place} is {found!r} instead of {shown!r}"


def _expression(name: str | None, values: Values, names: list[str]) -> str:
    if name is None:
        return "(?:.|\n)*"
    if name in values:
        return re.escape(values[name])
    names.append(name)
    return r"(\S+)"
