"""A broker and a database server of the tests' own, so that they can be restarted, and the relay as a process."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pika
import pytest

from bookstore.database import Connection, connect, execute
from bookstore.migrations import statements
from tests.integration.events.servers import Server, free_port, mariadb, rabbitmq
from tests.live import ROOT

DOMAINS = ("accounts", "catalog", "orders")


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the secrets that the servers are started with."""
    return tmp_path_factory.mktemp("secrets")


@pytest.fixture(scope="session")
def broker(secrets: Path) -> Iterator[Server]:
    with rabbitmq(secrets) as server:
        yield server


@pytest.fixture(scope="session")
def database(secrets: Path) -> Iterator[Server]:
    with mariadb(secrets) as server:
        for domain in DOMAINS:
            db = connect((secrets / f"{domain}-ddl-db").read_text())
            for statement in statements((ROOT / "bookstore" / "events" / "tables.sql").read_text()):
                execute(db, statement)
            db.close()
        yield server


@pytest.fixture
def orders(secrets: Path, database: Server) -> Iterator[Connection]:
    """A connection to the orders database, its outbox and inbox empty."""
    db = connect((secrets / "orders-ddl-db").read_text())
    execute(db, "TRUNCATE outbox")
    execute(db, "TRUNCATE inbox")
    yield db
    if db.open:
        db.close()


class Relay:
    """The relay as it runs in production, with the secrets of these servers."""

    def __init__(self, secrets: Path) -> None:
        environment = {**os.environ, "SECRETS_DIR": str(secrets), "METRICS_PORT": str(free_port())}
        command = [sys.executable, "-m", "bookstore.events.relay"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


@pytest.fixture
def relay(secrets: Path, broker: Server, database: Server) -> Iterator[Callable[[], Relay]]:
    """Starts a relay; what still runs afterwards is ended."""
    started: list[Relay] = []

    def start() -> Relay:
        started.append(Relay(secrets))
        return started[-1]

    yield start
    for each in started:
        each.kill()


class Inbox:
    """A queue that gets every event, and what has come into it so far."""

    def __init__(self, url: str) -> None:
        self._url = pika.URLParameters(url)
        self.messages: list[tuple[str, pika.BasicProperties, bytes]] = []
        with pika.BlockingConnection(self._url) as connection:
            channel = connection.channel()
            channel.exchange_declare("bookstore.unrouted", "fanout", durable=True)
            alternate = {"alternate-exchange": "bookstore.unrouted"}
            channel.exchange_declare("bookstore.events", "topic", durable=True, arguments=alternate)
            channel.queue_declare("tests", durable=True, arguments={"x-queue-type": "quorum"})
            channel.queue_bind("tests", "bookstore.events", "#")
            channel.queue_purge("tests")

    def look(self) -> "Inbox":
        """Take what has come in."""
        with pika.BlockingConnection(self._url) as connection:
            channel = connection.channel()
            while (found := channel.basic_get("tests", auto_ack=True))[0]:
                method, properties, body = found
                self.messages.append((method.routing_key, properties, body))
        return self

    @property
    def ids(self) -> list[str | None]:
        """The events' ids in the order of arrival, repetitions too."""
        return [properties.message_id for _, properties, _ in self.messages]


@pytest.fixture
def subscriber(secrets: Path, broker: Server) -> Iterator[Inbox]:
    """A consumer of all events, until the end of the test."""
    url = (secrets / "rabbitmq-admin").read_text()
    yield Inbox(url)
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        # The queue stays: a broker killed just after a queue was deleted and made anew may not find it again.
        connection.channel().queue_unbind("tests", "bookstore.events", "#")
