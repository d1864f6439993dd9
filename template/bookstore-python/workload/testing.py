"""Handlers called in tests, without a server: with the event they would get, to the answer a client would see."""

import importlib
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse

from workload.answers import answer
from workload.app import Handler
from workload.event import Context, Event
from workload.problems import problem_of

# The project that has this template: what its stack file copies to every function lies there.
_PROJECT = Path(__file__).parents[3]


@pytest.fixture
def call(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TestResponse]:
    """`call_handler` for the handler.py beside the test: `call(json={"name": "Ada"}).json`."""
    folder = Path(request.path).parent
    for place in (_PROJECT, folder):
        monkeypatch.syspath_prepend(str(place))
    return partial(call_handler, load_handler(folder))


def call_handler(handle: Handler, method: str = "POST", path: str = "/", **request: Any) -> TestResponse:
    """Call a handler, and return its answer; `request` is `json`, `data`, `headers`, `query_string`, `content_type`.

    An error with a `status` is answered as problem+json. Any other is raised, so that the test shows where it happened.
    """
    made = EnvironBuilder(path, method=method, **request)
    try:
        found = answer(handle(_event(made), Context()))
    except Exception as error:
        told = problem_of(error, request_id="")
        if told is None:
            raise
        found = told
    return TestResponse([found.body], found.status_line, Headers(found.headers), made.get_request())


def make_event(method: str = "POST", path: str = "/", **request: Any) -> Event:
    """The event that a handler would get for a request, for a test that calls `handle(event, context)` itself."""
    return _event(EnvironBuilder(path, method=method, **request))


def load_handler(folder: Path) -> Handler:
    """The `handle` of a folder's handler.py, imported anew as `function.handler`, which is its name in a container."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "function"]:
        del sys.modules[name]
    package = ModuleType("function")
    package.__path__ = [str(folder), str(_PROJECT)]
    sys.modules["function"] = package
    handle: Handler = importlib.import_module("function.handler").handle
    return handle


def _event(made: EnvironBuilder) -> Event:
    environ = made.get_environ()
    return Event(environ, environ["wsgi.input"].read())
