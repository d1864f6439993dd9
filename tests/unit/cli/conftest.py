"""A gateway that answers what a test wants and remembers what it was asked, and the program beside it."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from faas.cli.__main__ import main


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def json(self) -> dict:
        return json.loads(self.body)


@dataclass
class Gateway:
    url: str = ""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def on(self, call: str, status: int = 200, body: object = b"") -> None:
        """Answer this from now on to `METHOD /path`, whatever its query."""
        self.answers[call] = (status, body if isinstance(body, bytes) else json.dumps(body).encode())

    @property
    def lines(self) -> list[str]:
        return [request.line for request in self.requests]


@pytest.fixture
def gateway(monkeypatch) -> Iterator[Gateway]:
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            state.requests.append(Request(self.command, self.path, dict(self.headers), body))
            status, content = state.answers.get(f"{self.command} {self.path.split('?')[0]}", (404, b"unknown"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("OPENFAAS_URL", state.url)
    yield state
    server.shutdown()
    server.server_close()


@dataclass
class Ran:
    status: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty working directory, with no login anywhere."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("OPENFAAS_CONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("CI", raising=False)
    return work


@pytest.fixture
def cli(folder, capfdbinary, monkeypatch) -> Callable[..., Ran]:
    """Run the program in this process, in `folder`, with `given` on its standard input."""

    def run(*arguments: str, given: bytes = b"") -> Ran:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        capfdbinary.readouterr()
        status = main(list(arguments))
        out, err = capfdbinary.readouterr()
        return Ran(status, out.decode(), err.decode())

    return run
