"""A RabbitMQ and a MariaDB that a test may restart and kill: the project's images, on ports of their own."""

import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pika
import pymysql

AMQP_USERS = ("admin", "connector", "relay")
DATABASE_USERS = ("accounts", "catalog", "orders")


@dataclass(frozen=True)
class Server:
    """A container, its ports on 127.0.0.1, and how to find out whether it answers."""

    container: str
    port: int
    answers: Callable[[], object]
    management: int = 0

    def restart(self) -> None:
        """Stop it in good order and wait until it answers again."""
        docker("restart", "-t", "20", self.container)
        self.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        docker("kill", self.container)

    def start(self) -> None:
        """Start it after `kill` and wait until it answers."""
        docker("start", self.container)
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        eventually(lambda: answered(self.answers), within=60)


def answered(ask: Callable[[], object]) -> bool:
    """Whether a server let itself be asked."""
    with suppress(Exception):
        ask()
        return True
    return False


def eventually(holds: Callable[[], object], *, within: float = 20) -> None:
    """Wait until something holds. Raises AssertionError when it does not within so many seconds."""
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def docker(*arguments: str) -> str:
    """Run docker and return what it printed."""
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def rabbitmq(secrets: Path) -> Iterator[Server]:
    """A broker; the AMQP URLs of its users are written to `secrets`."""
    port, management = free_port(), free_port()
    for user in AMQP_USERS:
        (secrets / f"rabbitmq-{user}").write_text(f"amqp://{user}:pw-{user}@127.0.0.1:{port}/%2F")
    url = pika.URLParameters(f"amqp://admin:pw-admin@127.0.0.1:{port}/%2F")
    options = ["--tmpfs", "/run/rabbitmq:mode=1777", "-p", f"127.0.0.1:{port}:5672"]
    options += ["-p", f"127.0.0.1:{management}:15672"]
    with _container("bookstore/rabbitmq:latest", options, secrets) as name:
        server = Server(name, port, lambda: pika.BlockingConnection(url).close(), management)
        server.wait()
        yield server


@contextmanager
def mariadb(secrets: Path) -> Iterator[Server]:
    """A database server; the URLs of its users are written to `secrets`."""
    port = free_port()
    (secrets / "mariadb-root").write_text("root")
    for domain in DATABASE_USERS:
        for kind in ("", "-ddl", "-relay"):
            url = f"mysql://{domain}{kind}:pw@127.0.0.1:{port}/{domain}"
            (secrets / f"{domain}{kind}-db").write_text(url)
    (secrets / "catalog-search-db").write_text(f"mysql://catalog-search:pw@127.0.0.1:{port}/catalog")

    def ask() -> None:
        pymysql.connect(host="127.0.0.1", port=port, user="orders", password="pw", database="orders").close()

    options = ["--tmpfs", "/run/mysqld:mode=1777", "-p", f"127.0.0.1:{port}:3306"]
    with _container("bookstore/mariadb:latest", options, secrets) as name:
        server = Server(name, port, ask)
        server.wait()
        yield server


@contextmanager
def _container(image: str, options: list[str], secrets: Path) -> Iterator[str]:
    for path in (secrets, *secrets.iterdir()):
        path.chmod(0o755)
    name = f"bookstore-events-{uuid.uuid4().hex[:8]}"
    docker("run", "-d", "--name", name, "-v", f"{secrets}:/run/secrets:ro", *options, image)
    try:
        yield name
    finally:
        docker("rm", "-f", "-v", name)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
