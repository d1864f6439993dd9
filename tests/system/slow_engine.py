"""A Docker engine that thinks before every answer: a socket in front of the real one, and a provider that uses it."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.live import ROOT, Stack
from tests.system.openfaas import OpenFaas
from tests.system.waiting import eventually

_ENGINE = "/var/run/docker.sock"
_PROVIDER = """
import asyncio, sys
from faas.provider.__main__ import serve
from faas.provider.settings import Settings
stack, user, password, docker, *ports = sys.argv[1:]
asyncio.run(serve(Settings(stack, f"{stack}_platform", user, password, docker, *map(int, ports))))
"""


class SlowEngine:
    """Passes everything on, `delay` seconds after it came; what comes while it is None waits."""

    def __init__(self, path: Path) -> None:
        """Listen on a socket."""
        self.delay: float | None = 0.0
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(64)
        self.address = f"unix://{path}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._server.accept()
            engine = socket.socket(socket.AF_UNIX)
            engine.connect(_ENGINE)
            threading.Thread(target=self._pass_on, args=(client, engine, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(engine, client, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, slowly: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if slowly:
                    self._wait()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _wait(self) -> None:
        while self.delay is None:
            time.sleep(0.05)
        time.sleep(self.delay)


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses at the moment."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@contextmanager
def provider_on(engine: SlowEngine, stack: Stack) -> Iterator[OpenFaas]:
    """A second provider of the stack, beside the one that runs in it."""
    user, password = stack.secret("basic-auth-user"), stack.secret("basic-auth-password")
    ports = free_ports(3)
    arguments = [stack.name, user, password, engine.address, *map(str, ports)]
    process = subprocess.Popen([sys.executable, "-c", _PROVIDER, *arguments], cwd=ROOT)
    api = OpenFaas(f"http://127.0.0.1:{ports[1]}", user, password, stack.network)
    try:
        eventually(lambda: _is_up(api), within=20, what="a second provider")
        yield api
    finally:
        process.terminate()
        process.wait(10)


def _is_up(api: OpenFaas) -> bool:
    with suppress(OSError):
        return api.send("GET", "/healthz").ok
    return False
