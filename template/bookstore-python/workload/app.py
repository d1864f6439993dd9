"""The WSGI application: health, limits, the handler, and an answer whatever happens."""

import signal
import time
from collections.abc import Callable, Iterable
from threading import Event as Flag
from typing import Any, Protocol

from workload.answers import Answer, answer
from workload.event import Context, Event
from workload.journal import tell, tell_fault, write_from_now_on
from workload.problems import problem, problem_of
from workload.settings import Settings
from workload.signature import signed, signing_key
from workload.work import Busy, TimedOut, Works

Handler = Callable[[Event, Context], Any]
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_ALLOWED = ", ".join((*_METHODS, "OPTIONS"))

draining = Flag()
"""Set when the container is to stop: it is no longer ready, and still answers."""


class StartResponse(Protocol):
    """WSGI's way to begin a response."""

    def __call__(self, status: str, headers: list[tuple[str, str]]) -> Any:
        """Take the status line and the headers."""


class Application:
    """Serves one handler."""

    def __init__(self, handler: Handler, settings: Settings) -> None:
        self._handler, self._settings = handler, settings
        self._works = Works(at_once=settings.max_inflight, seconds=settings.exec_timeout)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"]
        found = self._health(path, environ) if path.startswith("/_/") else self._measured(environ)
        start_response(found.status_line, found.headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else found.body]

    def _health(self, path: str, environ: dict[str, Any]) -> Answer:
        if path == "/_/health" or (path == "/_/ready" and self._ready(environ.get("HTTP_HOST", ""))):
            return Answer(200, [("Content-Type", "text/plain")], b"OK")
        return Answer(503 if path == "/_/ready" else 404, [("Content-Type", "text/plain")], b"")

    def _ready(self, host: str) -> bool:
        # An address may have been another function's a moment ago: a gateway names whom it looks for.
        name = host.partition(":")[0]
        meant = not self._settings.name or "." in host or name in ("", "localhost", self._settings.name)
        return meant and not draining.is_set()

    def _measured(self, environ: dict[str, Any]) -> Answer:
        begun = time.perf_counter()
        request_id = environ.get("HTTP_X_CALL_ID", "")
        found = self._answer(environ, request_id)
        took = time.perf_counter() - begun
        if request_id:
            found.headers.append(("X-Call-Id", request_id))
        found.headers.append(("X-Duration-Seconds", f"{took:.6f}"))
        tell(
            "info",
            "request",
            function=self._settings.name,
            request_id=request_id,
            method=environ["REQUEST_METHOD"],
            path=environ.get("HTTP_X_FORWARDED_PATH") or environ["PATH_INFO"],
            status=found.status,
            duration_ms=round(took * 1000, 2),
        )
        return found

    def _answer(self, environ: dict[str, Any], request_id: str) -> Answer:
        method = environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            return Answer(200, [("Allow", _ALLOWED), ("Content-Type", "text/html; charset=utf-8")], b"")
        if method not in _METHODS:
            headers = {"Allow": _ALLOWED}
            return problem(405, f"The method {method} is not known.", request_id=request_id, headers=headers)
        body = self._body(environ)
        if body is None:
            limit = f"The body is larger than {self._settings.max_body} bytes."
            return problem(413, limit, request_id=request_id)
        event = Event(environ, body)
        if (key := signing_key()) and not signed(event.headers, body, key):
            return problem(403, "This function is called by the event connector only.", request_id=request_id)
        return self._called(event, request_id)

    def _body(self, environ: dict[str, Any]) -> bytes | None:
        # A chunked body has no length: it is counted as it is read.
        most = self._settings.max_body
        declared = environ.get("CONTENT_LENGTH") or "0"
        if declared.isdecimal() and int(declared) > most:
            return None
        body: bytes = environ["wsgi.input"].read(most + 1)
        return body if len(body) <= most else None

    def _called(self, event: Event, request_id: str) -> Answer:
        try:
            return self._works.run(lambda: answer(self._handler(event, Context())))
        except Busy:
            limit = f"{self._settings.max_inflight} calls are at work already. Try again in a second."
            return problem(429, limit, request_id=request_id, headers={"Retry-After": "1"})
        except TimedOut:
            limit = f"The function took longer than {self._settings.exec_timeout:g} s."
            return problem(504, limit, request_id=request_id)
        except Exception as error:
            told = problem_of(error, request_id=request_id)
            if told is not None and told.status < 500:
                return told
            tell_fault(error, function=self._settings.name, request_id=request_id)
            return told or problem(500, "The function failed. The log has the reason.", request_id=request_id)


def start_draining(*_: object) -> None:
    """Note that the container is to stop."""
    draining.set()


def create_app() -> Application:
    """The application of this container's function, for a worker process of the server."""
    from function.handler import handle

    from workload.settings import settings

    write_from_now_on()
    signal.signal(signal.SIGUSR1, start_draining)
    return Application(handle, settings())
