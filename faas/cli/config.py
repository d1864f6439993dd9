"""The logins, kept in config.yml as upstream keeps them, so that both programs share them."""

import base64
import os
from pathlib import Path
from typing import Any

import yaml

from faas.cli.errors import CliError


def save_login(gateway: str, user: str, password: str) -> None:
    """Remember the credentials of a gateway, in place of those known before."""
    others = [login for login in _read() if login.get("gateway") != gateway]
    _write([*others, {"gateway": gateway, "auth": "basic", "token": encoded(user, password)}])


def remove_login(gateway: str) -> None:
    """Forget the credentials of a gateway. Raises CliError when there are none."""
    known = _read()
    others = [login for login in known if login.get("gateway") != gateway]
    if len(others) == len(known):
        raise CliError(f"no auth config found for {gateway}" if _file().exists() else "config file not found")
    _write(others)


def authorization(gateway: str, token: str) -> str:
    """The Authorization header for a gateway: the stored login, else the token, else an empty one as upstream's."""
    login = next((login for login in _read() if login.get("gateway") == gateway), {})
    if login.get("auth") == "basic":
        return f"Basic {login.get('token', '')}"
    return f"Bearer {token or login.get('token', '')}".rstrip()


def encoded(user: str, password: str) -> str:
    """Credentials as Basic authorization and config.yml have them."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def in_ci() -> bool:
    """Whether this runs where the home folder is not to be relied on."""
    return os.environ.get("CI") in ("1", "true")


def _file() -> Path:
    fallback = "./.openfaas" if in_ci() else "~/.openfaas"
    return Path(os.environ.get("OPENFAAS_CONFIG") or fallback).expanduser() / "config.yml"


def _read() -> list[dict[str, Any]]:
    try:
        content = yaml.safe_load(_file().read_text())
        return list((content or {}).get("auths") or [])
    except FileNotFoundError:
        return []
    except (yaml.YAMLError, AttributeError) as error:
        raise CliError(f"{_file()} is no config file of faas-cli: {error}") from error


def _write(logins: list[dict[str, Any]]) -> None:
    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = file.with_name(f".config.{os.getpid()}.yml")
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        yaml.safe_dump({"auths": logins}, out, sort_keys=False)
    written.replace(file)
