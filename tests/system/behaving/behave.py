"""Serve, or fail in the way that BEHAVIOR names: exit, eat, silent, late."""

import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """Answers everything with what SAYS says."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = os.environ.get("SAYS", "hello").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Serves, and does not mind connections that break off."""

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Do what the environment asks for."""
    behavior = os.environ.get("BEHAVIOR", "serve")
    signal.signal(signal.SIGTERM, lambda *_: threading.Timer(3, os._exit, [0]).start())
    print(f"behavior: {behavior}")
    if behavior == "exit":
        print("Traceback (most recent call last):\nValueError: nothing is well", file=sys.stderr)
        sys.exit(int(os.environ.get("CODE", "1")))
    if behavior == "eat":
        hoard = [bytearray(2**20) for _ in range(4096)]
        print(len(hoard))
    if behavior == "silent":
        threading.Event().wait()
    if behavior == "late":
        time.sleep(float(os.environ["DELAY"]))
    Server(("", 8080), Handler).serve_forever()


main()
