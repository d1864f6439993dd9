"""A broker that may be restarted, a fresh vhost for each test, the connector as a process, and a gateway to call."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pika
import pytest
import requests

from tests.annotations import named
from tests.integration.events.servers import Server, free_port, rabbitmq
from tests.live import ROOT

EXCHANGE = "shop.events"
UNROUTED = "shop.unrouted"
KEY = "a key for tests"
Answer = tuple[int, dict[str, str], bytes]
Script = Callable[["Call"], Answer]

OK: Answer = (200, {}, b"")


@dataclass
class Call:
    """A call that the gateway got."""

    function: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)


class Gateway:
    """Stands where gateway and provider do: lists functions and answers calls as a test wants it."""

    def __init__(self) -> None:
        self.functions: dict[str, dict[str, str]] = {}
        self.script: Script = lambda call: OK
        self.calls: list[Call] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()

    def deploy(self, name: str, **annotations: str) -> None:
        """Let a function be listed; `retry_attempts="2"` is written `com.openfaas.retry.attempts`."""
        self.functions[name] = named(**annotations)

    def calls_of(self, function: str) -> list[Call]:
        return [call for call in self.calls if call.function == function]

    def bodies_of(self, function: str) -> list[bytes]:
        return [call.body for call in self.calls_of(function)]

    def _handler(gateway) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                listed = [{"name": name, "annotations": given} for name, given in gateway.functions.items()]
                self._answer(200, {"Content-Type": "application/json"}, json.dumps(listed).encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                call = Call(self.path.rpartition("/")[2], dict(self.headers), body)
                gateway.calls.append(call)
                self._answer(*gateway.script(call))

            def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """The test tells."""

        return Handler


class Vhost:
    """A test's own part of the broker."""

    def __init__(self, url: str) -> None:
        self.url = url

    def channel(self) -> pika.adapters.blocking_connection.BlockingChannel:
        channel = pika.BlockingConnection(pika.URLParameters(self.url)).channel()
        channel.confirm_delivery()
        return channel

    def publish(self, topic: str, *bodies: bytes, **properties: Any) -> None:
        """Publish confirmed, an id for each body."""
        channel = self.channel()
        for body in bodies:
            given = pika.BasicProperties(delivery_mode=2, **{"message_id": uuid.uuid4().hex, **properties})
            channel.basic_publish(EXCHANGE, topic, body, given, mandatory=True)
        channel.connection.close()

    def take(self, queue: str) -> list[tuple[bytes, dict[str, Any]]]:
        """Everything in a queue: body and headers."""
        channel, taken = self.channel(), []
        while (found := channel.basic_get(queue, auto_ack=True))[0]:
            taken.append((found[2], found[1].headers or {}))
        channel.connection.close()
        return taken

    def look(self, queue: str) -> list[bytes]:
        """The bodies in a queue, which stay there."""
        channel, seen = self.channel(), []
        while (found := channel.basic_get(queue))[0]:
            seen.append(found[2])
        channel.connection.close()
        return sorted(seen)

    def count(self, queue: str) -> int:
        """How many messages of a queue nobody has taken."""
        channel = self.channel()
        found: int = channel.queue_declare(queue, passive=True).method.message_count
        channel.connection.close()
        return found

    def exists(self, queue: str) -> bool:
        channel = self.channel()
        try:
            channel.queue_declare(queue, passive=True)
        except pika.exceptions.ChannelClosedByBroker:
            return False
        finally:
            channel.connection.close()
        return True

    def delete(self, queue: str) -> None:
        channel = self.channel()
        channel.queue_delete(queue)
        channel.connection.close()


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the secrets that the broker is started with."""
    return tmp_path_factory.mktemp("secrets")


@pytest.fixture(scope="session")
def broker(secrets: Path) -> Iterator[Server]:
    with rabbitmq(secrets) as server:
        yield server


@pytest.fixture
def vhost(broker: Server, secrets: Path) -> Iterator[Vhost]:
    """A new vhost, so that no test sees another's queues."""
    name = uuid.uuid4().hex[:8]
    manage(broker, "PUT", f"vhosts/{name}", {})
    manage(broker, "PUT", f"permissions/{name}/admin", {"configure": ".*", "write": ".*", "read": ".*"})
    yield Vhost((secrets / "rabbitmq-admin").read_text().replace("%2F", name))
    manage(broker, "DELETE", f"vhosts/{name}", {})


def manage(broker: Server, method: str, path: str, body: dict[str, str]) -> None:
    """Ask the broker's management API for something."""
    url = f"http://127.0.0.1:{broker.management}/api/{path}"
    requests.request(method, url, json=body, auth=("admin", "pw-admin"), timeout=20).raise_for_status()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    peer = Gateway()
    yield peer
    peer.close()


class Connector:
    """The connector as it runs in production."""

    def __init__(self, secrets: Path, gateway: Gateway) -> None:
        settings = {
            "SECRETS_DIR": str(secrets),
            "EVENTS_EXCHANGE": EXCHANGE,
            "PROVIDER_URL": gateway.url,
            "GATEWAY_URL": gateway.url,
            "METRICS_PORT": str(free_port()),
        }
        self.metrics_port = settings["METRICS_PORT"]
        command = [sys.executable, "-m", "faas.connector"]
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings})

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@pytest.fixture
def connector(vhost: Vhost, gateway: Gateway, tmp_path: Path) -> Iterator[Callable[[], Connector]]:
    """Starts a connector; what still runs afterwards is ended."""
    contents = {"rabbitmq-connector": vhost.url, "basic-auth-user": "u", "basic-auth-password": "p"}
    for name, content in {**contents, "event-signing-key": KEY}.items():
        (tmp_path / name).write_text(content)
    started: list[Connector] = []

    def start() -> Connector:
        started.append(Connector(tmp_path, gateway))
        return started[-1]

    yield start
    for each in started:
        each.kill()
