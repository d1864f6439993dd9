"""Secrets: made once, kept as files that only their owner reads, handed to Swarm under names that tell their content.

The files are the truth: a secret of Swarm cannot be read back, so whoever loses them makes new ones with the next run.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import docker
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from docker.errors import APIError

from deploy.settings import Settings

DOMAINS = ("accounts", "catalog", "orders")
FUNCTION_SECRETS = (
    *(f"{domain}-db" for domain in DOMAINS),
    "jwt-private-key",
    "jwt-public-key",
    "idempotency-key",
    "event-signing-key",
    # A mail server's URL holds a password.
    "smtp-url",
)
# What the user gives, when they give it, takes the place of what was there.
_GIVEN = {"smtp-url": "SMTP_URL"}
# These stay on this machine: the deployment itself signs in with them.
_ON_HOST_ONLY = ("check-password",)
_STACK_LABEL = "com.docker.stack.namespace"
_FUNCTION_STACK_LABEL = "com.openfaas.stack"
_FUNCTION_NAME_LABEL = "com.openfaas.secret"


def make_secrets(folder: Path) -> dict[str, str]:
    """Return every secret by name; those that have no file yet are made. The folder is 0700, the files 0600."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    known: dict[str, str] = {}
    for name, make in _makers(known).items():
        given = os.environ.get(_GIVEN.get(name, ""))
        known[name] = _written(folder / name, given) if given else _kept(folder / name, make)
    return known


def platform_names(stack: str, known: Mapping[str, str]) -> dict[str, str]:
    """Secret → its name in Swarm, for the services of the platform."""
    return {name: f"{stack}_{name}-{digest(value)}" for name, value in known.items() if name not in _ON_HOST_ONLY}


def function_names(stack: str, known: Mapping[str, str]) -> dict[str, str]:
    """Secret → its name in Swarm, for functions."""
    return {name: f"{stack}_fn-secret-{name}-{digest(known[name])}" for name in FUNCTION_SECRETS}


def digest(value: str) -> str:
    """What a name says about the content: eight hex digits of its SHA-256."""
    return hashlib.sha256(value.encode()).hexdigest()[:8]


def publish_secrets(engine: docker.DockerClient, settings: Settings, known: Mapping[str, str]) -> list[str]:
    """Create what Swarm lacks. Return the functions' secrets that exist there with other content.

    Those are the provider's to change, since it also moves the functions that use them.
    """
    present = {secret.name for secret in engine.secrets.list()}
    for name, full in platform_names(settings.stack, known).items():
        if full not in present:
            engine.secrets.create(name=full, data=known[name].encode(), labels={_STACK_LABEL: settings.stack})
    taken = _function_secrets(engine, settings.stack)
    stale = []
    for name, full in function_names(settings.stack, known).items():
        if full in present:
            continue
        if name in taken:
            stale.append(name)
        else:
            labels = {_FUNCTION_STACK_LABEL: settings.stack, _FUNCTION_NAME_LABEL: name}
            engine.secrets.create(name=full, data=known[name].encode(), labels=labels)
    return stale


def remove_old_secrets(engine: docker.DockerClient, settings: Settings, known: Mapping[str, str]) -> None:
    """Remove the platform's secrets of earlier content; those in use stay until the next run."""
    current = set(platform_names(settings.stack, known).values())
    for secret in engine.secrets.list(filters={"label": f"{_STACK_LABEL}={settings.stack}"}):
        if secret.name not in current:
            with suppress(APIError):
                secret.remove()


def remove_all_secrets(engine: docker.DockerClient, stack: str) -> None:
    """Remove every secret of the stack from Swarm. The services that used them are gone by then."""
    for label in (_STACK_LABEL, _FUNCTION_STACK_LABEL):
        for secret in engine.secrets.list(filters={"label": f"{label}={stack}"}):
            secret.remove()


def _function_secrets(engine: docker.DockerClient, stack: str) -> set[str]:
    found = engine.secrets.list(filters={"label": f"{_FUNCTION_STACK_LABEL}={stack}"})
    return {secret.attrs["Spec"]["Labels"].get(_FUNCTION_NAME_LABEL, "") for secret in found}


def _kept(path: Path, make: Callable[[], str]) -> str:
    return path.read_text().strip() if path.exists() else _written(path, make())


def _written(path: Path, content: str) -> str:
    # Written aside: a run that is ended here leaves no half secret behind.
    fresh = path.with_name(f".{path.name}")
    with suppress(FileNotFoundError):
        fresh.unlink()
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(content)
    fresh.rename(path)
    return content.strip()


def _makers(known: Mapping[str, str]) -> dict[str, Callable[[], str]]:
    """How each secret is made, in an order in which each may use those before it."""
    password = partial(secrets.token_urlsafe, 24)
    makers: dict[str, Callable[[], str]] = {
        "basic-auth-user": lambda: "admin",
        "basic-auth-password": password,
        "mariadb-root": password,
        "event-signing-key": password,
        "idempotency-key": password,
        "admin-email": lambda: "admin@bookstore.example",
        "admin-password": password,
        "check-password": password,
        "smtp-url": lambda: "none",
        "client-session-key": lambda: base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "jwt-private-key": _private_key,
        "jwt-public-key": lambda: _public_key(known["jwt-private-key"]),
    }
    for user in ("admin", "connector", "relay"):
        makers[f"rabbitmq-{user}"] = partial(_url, "amqp", user, "rabbitmq:5672/%2F")
    for domain in DOMAINS:
        for kind in ("", "-ddl", "-relay"):
            user = f"{domain}{kind}".replace("-", "_")
            makers[f"{domain}{kind}-db"] = partial(_url, "mysql", user, f"mariadb:3306/{domain}")
    makers["catalog-search-db"] = partial(_url, "mysql", "catalog_search", "mariadb:3306/catalog")
    return makers


def _url(scheme: str, user: str, place: str) -> str:
    return f"{scheme}://{user}:{secrets.token_urlsafe(24)}@{place}"


def _private_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _public_key(private: str) -> str:
    public = load_pem_private_key(private.encode(), password=None).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
