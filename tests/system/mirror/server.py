"""The first word of the path says what to do; without one the answer tells what came, to the byte."""

import json
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class Mirror(BaseHTTPRequestHandler):
    """One connection; any method is served."""

    protocol_version = "HTTP/1.1"

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        body = self._body()
        act = getattr(self, "_" + path.split("/")[1].lstrip("_"), None)
        if path.startswith("/_/"):
            self._answer(200, b"OK")
        elif act:
            act(unquote(query))
        else:
            told = {"method": self.command, "path": self.path, "headers": self.headers.items(), "length": len(body)}
            self._answer(200, json.dumps(told).encode())

    def _status(self, code: str) -> None:
        self._answer(int(code), b"")

    def _sleep(self, seconds: str) -> None:
        time.sleep(float(seconds))
        self._answer(200, b"slept")

    def _redirect(self, location: str) -> None:
        self._answer(302, b"", ("Location", location))

    def _cookies(self, _: str) -> None:
        self._answer(200, b"", ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))

    def _kept(self, directive: str) -> None:
        self._answer(200, b"%d" % time.monotonic_ns(), ("Cache-Control", directive))

    def _large(self, size: str) -> None:
        self._answer(200, b"x" * int(size))

    def _chunks(self, count: str) -> None:
        self._begin("text/plain")
        for number in range(int(count)):
            self._chunk(f"chunk {number}\n".encode())
        self._chunk(b"")

    def _events(self, pause: str) -> None:
        self._begin("text/event-stream")
        for number in range(4):
            self._chunk(f"data: {number}\n\n".encode())
            time.sleep(float(pause))
        self._chunk(b"")

    def _upgrade(self, protocol: str) -> None:
        self.send_response(101)
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", protocol)
        self.end_headers()
        self.wfile.write(self.rfile.readline())
        self.close_connection = True

    def _hangup(self, _: str) -> None:
        self.close_connection = True

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def _begin(self, content_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body


class Server(ThreadingHTTPServer):
    """Takes as many connections at once as a test may open."""

    request_queue_size = 128


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Server(("", 8080), Mirror).serve_forever()
