"""MariaDB and RabbitMQ take users and passwords from the secrets of every start, over whatever their volumes hold."""

import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_START_SECONDS = 60


def docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def volume() -> Iterator[str]:
    name = f"deploy-test-{uuid.uuid4().hex[:8]}"
    docker("volume", "create", name)
    yield name
    docker("volume", "rm", name)


@contextmanager
def running(image: str, volume: str, data: str, scratch: str, secrets: Path) -> Iterator[str]:
    """A container as the stack runs it: no capability, a root that cannot be written, secrets as files."""
    secrets.chmod(0o755)
    options = ["--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp", "--tmpfs", scratch]
    mounts = ["-v", f"{volume}:{data}", "-v", f"{secrets}:/run/secrets:ro"]
    started = docker("run", "-d", *options, *mounts, f"bookstore/{image}:latest")
    name = started.stdout.strip()
    assert name, started.stderr
    try:
        yield name
    finally:
        docker("rm", "-f", name)


def eventually_succeeds(*arguments: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while (ran := docker(*arguments)).returncode != 0:
        assert time.monotonic() < deadline, ran.stderr
        time.sleep(0.5)


class Database:
    """A MariaDB with the users of one domain, whose passwords start with `mark`."""

    def __init__(self, folder: Path, mark: str) -> None:
        self.mark, self._folder = mark, folder / mark
        self._folder.mkdir()
        (self._folder / "mariadb-root").write_text(f"{mark}-root")
        for kind in ("", "-ddl", "-relay"):
            url = f"mysql://{self._user(kind)}:{mark}{kind}@mariadb:3306/shop"
            (self._folder / f"shop{kind}-db").write_text(url)

    @staticmethod
    def _user(kind: str) -> str:
        return f"shop{kind}".replace("-", "_")

    @contextmanager
    def started(self, volume: str) -> Iterator["Database"]:
        with running("mariadb", volume, "/var/lib/mysql", "/run/mysqld", self._folder) as self._container:
            eventually_succeeds(*self._command("", "SELECT 1"))
            yield self

    def may(self, kind: str, statement: str) -> bool:
        """Whether the user of this kind may do it."""
        return docker(*self._command(kind, statement)).returncode == 0

    def _command(self, kind: str, statement: str) -> list[str]:
        client = ["mariadb", "-h127.0.0.1", f"-u{self._user(kind)}", f"-p{self.mark}{kind}", "shop"]
        return ["exec", self._container, *client, "-e", statement]


def test_each_kind_of_user_may_do_its_own_work_and_no_more(tmp_path: Path, volume: str):
    with Database(tmp_path, "first").started(volume) as database:
        assert database.may("-ddl", "CREATE TABLE outbox (id INT); CREATE TABLE books (id INT)")
        assert database.may("", "INSERT INTO books VALUES (1); INSERT INTO outbox VALUES (1)")
        assert not database.may("", "CREATE TABLE more (id INT)")
        assert database.may("-relay", "SELECT * FROM outbox; UPDATE outbox SET id = 2; DELETE FROM outbox")
        assert not database.may("-relay", "SELECT * FROM books")
        assert not database.may("-relay", "CREATE TABLE outbox2 (id INT)")
        assert not database.may("-ddl", "SELECT * FROM mysql.user")


def test_new_secrets_take_over_an_old_database(tmp_path: Path, volume: str):
    with Database(tmp_path, "first").started(volume) as database:
        assert database.may("-ddl", "CREATE TABLE books (id INT); INSERT INTO books VALUES (1)")
    with Database(tmp_path, "second").started(volume) as database:
        assert database.may("", "SELECT id FROM books WHERE id = 1")
        database.mark = "first"
        assert not database.may("", "SELECT 1")


def test_nobody_is_root_without_a_password(tmp_path: Path, volume: str):
    with Database(tmp_path, "first").started(volume) as database:
        for host in ("localhost", "127.0.0.1"):
            refused = docker("exec", database._container, "mariadb", "-uroot", f"-h{host}", "-e", "SELECT 1")
            assert "Access denied" in refused.stderr or "not allowed" in refused.stderr


def broker_secrets(folder: Path, mark: str) -> Path:
    secrets = folder / mark
    secrets.mkdir()
    for user in ("admin", "connector", "relay"):
        (secrets / f"rabbitmq-{user}").write_text(f"amqp://{user}:{mark}-{user}@rabbitmq:5672/%2F")
    return secrets


def test_new_secrets_take_over_an_old_broker(tmp_path: Path, volume: str):
    place = ("rabbitmq", volume, "/var/lib/rabbitmq", "/run/rabbitmq")
    with running(*place, broker_secrets(tmp_path, "first")) as name:
        eventually_succeeds("exec", name, "rabbitmqctl", "authenticate_user", "relay", "first-relay")
        assert docker("exec", name, "rabbitmqctl", "add_vhost", "kept").returncode == 0
    with running(*place, broker_secrets(tmp_path, "second")) as name:
        eventually_succeeds("exec", name, "rabbitmqctl", "authenticate_user", "relay", "second-relay")
        assert docker("exec", name, "rabbitmqctl", "authenticate_user", "relay", "first-relay").returncode != 0
        assert "kept" in docker("exec", name, "rabbitmqctl", "list_vhosts").stdout


def test_the_broker_knows_no_guest(tmp_path: Path, volume: str):
    secrets = broker_secrets(tmp_path, "first")
    with running("rabbitmq", volume, "/var/lib/rabbitmq", "/run/rabbitmq", secrets) as name:
        eventually_succeeds("exec", name, "rabbitmqctl", "await_startup")
        assert "guest" not in docker("exec", name, "rabbitmqctl", "list_users").stdout
