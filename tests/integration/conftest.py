"""Every integration test runs against the real programs, in the project's own images."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bookstore.database import Connection, Domain, connect, execute, fetch_all
from bookstore.migrations import migrate, steps
from bookstore.secrets import secret
from tests.integration.events.servers import mariadb

_KEPT = "schema_migrations"


@pytest.fixture(scope="session", autouse=True)
def _images_are_there(images: None) -> None:
    """Build what is missing before the first test."""


@pytest.fixture(scope="session")
def domain_secrets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a function's secrets, for a server whose databases have their tables."""
    folder = tmp_path_factory.mktemp("domain-secrets")
    private = Ed25519PrivateKey.generate()
    pem = serialization.Encoding.PEM
    (folder / "jwt-private-key").write_bytes(
        private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "jwt-public-key").write_bytes(
        private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    (folder / "idempotency-key").write_text("a key for the tests")
    (folder / "smtp-url").write_text("none")
    with mariadb(folder):
        for domain in ("accounts", "catalog", "orders"):
            if steps(domain):
                with closing(connect((folder / f"{domain}-ddl-db").read_text())) as db:
                    migrate(domain, db)
        yield folder


@pytest.fixture
def accounts_db(domain_secrets: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """The accounts' database, empty."""
    yield from _empty("accounts", domain_secrets, monkeypatch)


@pytest.fixture
def catalog_db(domain_secrets: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """The catalog's database, empty."""
    yield from _empty("catalog", domain_secrets, monkeypatch)


@pytest.fixture
def orders_db(domain_secrets: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """The orders' database, empty."""
    yield from _empty("orders", domain_secrets, monkeypatch)


def _empty(domain: Domain, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    monkeypatch.setenv("SECRETS_DIR", str(folder))
    # Nobody answers there: searches go to the database unless a test starts the service.
    monkeypatch.setenv("SEARCH_URL", "http://127.0.0.1:1")
    secret.cache_clear()
    with closing(connect((folder / f"{domain}-ddl-db").read_text())) as db:
        execute(db, "SET foreign_key_checks = 0")
        for row in fetch_all(
            db, "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = %s", [domain]
        ):
            if row["name"] != _KEPT:
                execute(db, f"TRUNCATE `{row['name']}`")
    with closing(connect(secret(f"{domain}-db"))) as db:
        yield db
    secret.cache_clear()
