"""The probe that tells a started service from one that answers."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deploy.probe import complaint, main


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/well" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the tests' output readable."""


@pytest.fixture
def server() -> Iterator[str]:
    httpd = HTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{httpd.server_port}"
    httpd.shutdown()


@pytest.fixture
def silent() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{unused.getsockname()[1]}"


def test_a_service_that_answers_well_is_ready(server: str):
    assert complaint(f"{server}/well") is None


def test_a_port_that_accepts_is_enough_where_no_path_is_given(server: str):
    assert complaint(server) is None


def test_an_error_status_is_told(server: str):
    assert complaint(f"{server}/ill") == "HTTP status 503"


def test_a_closed_port_is_told(silent: str):
    assert "refused" in str(complaint(silent))


def test_only_those_that_stay_silent_are_returned(server: str, silent: str):
    assert set(main({"good": f"{server}/well", "bad": silent}, 0.1)) == {"bad"}
