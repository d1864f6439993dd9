"""Secrets are files: mounted by OpenFaaS into functions, by Swarm into services."""

import os
from functools import cache
from pathlib import Path

_PLACES = ("/var/openfaas/secrets", "/run/secrets")


@cache
def secret(name: str) -> str:
    """Read a secret. `SECRETS_DIR` takes the place of the usual folders.

    Raises RuntimeError naming the secret when it is not mounted.
    """
    override = os.environ.get("SECRETS_DIR")
    for folder in (override,) if override else _PLACES:
        path = Path(folder, name)
        if path.is_file():
            return path.read_text().strip()
    raise RuntimeError(f"The secret {name!r} is not mounted: add it to the function's secrets.")
