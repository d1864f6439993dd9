"""Functions' secrets. Swarm's cannot be changed, so each value is a secret of its own behind one stable name."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from faas.provider.errors import BadRequest, Conflict, NotFound
from faas.provider.functions import SecretVersion
from faas.provider.names import SECRET_LABEL, SECRET_SINCE_LABEL, STACK_LABEL, secret_name
from faas.provider.swarm import Swarm
from faas.provider.view import View


class SecretRequest(BaseModel):
    """What a client sends: `raw_value`, in base64, wins over `value`."""

    model_config = ConfigDict(strict=True)

    name: str = Field(min_length=1)
    namespace: str | None = None
    value: str | None = None
    raw_value: str | None = Field(None, alias="rawValue")

    def content(self) -> bytes:
        """Return the secret. Raises BadRequest if there is none."""
        try:
            content = base64.b64decode(self.raw_value, validate=True) if self.raw_value else (self.value or "").encode()
        except binascii.Error:
            raise BadRequest("rawValue is not base64") from None
        if not content:
            raise BadRequest("the secret has no value")
        return content


class Secrets:
    """The secrets that functions of this stack may have; the platform's own are not among them."""

    def __init__(self, swarm: Swarm, view: View, *, stack: str) -> None:
        """Only secrets that carry the stack's label and a function secret's are seen."""
        self._swarm = swarm
        self._view = view
        self._stack = stack

    async def names(self) -> list[str]:
        """List them, sorted."""
        return sorted(await self._versions())

    async def current(self) -> Mapping[str, SecretVersion]:
        """Return what a function deployed now would get."""
        return {name: _version(versions[-1]) for name, versions in (await self._versions()).items()}

    async def kept(self, wanted: Mapping[str, SecretVersion]) -> Mapping[str, SecretVersion]:
        """Return these versions, and today's in place of those that are gone; a secret that is gone is left out."""
        present = await self._versions()
        return {
            name: version if version in map(_version, present[name]) else _version(present[name][-1])
            for name, version in wanted.items()
            if name in present
        }

    async def create(self, name: str, content: bytes) -> None:
        """Make a new secret. Raises Conflict if there is one of its name."""
        full = secret_name(name, content, stack=self._stack)
        if name in await self._versions():
            raise Conflict(f"secret {name} exists already")
        await self._swarm.create_secret(full, content, self._labels(name))

    async def update(self, name: str, content: bytes) -> None:
        """Give it another value; functions get it when they are deployed again. Raises NotFound."""
        versions = (await self._versions()).get(name)
        if versions is None:
            raise NotFound(f"secret {name} does not exist")
        full = secret_name(name, content, stack=self._stack)
        same = [version for version in versions if version["Spec"]["Name"] == full]
        if not same:
            await self._swarm.create_secret(full, content, self._labels(name))
        elif same[0] is not versions[-1]:
            since = datetime.now(UTC).isoformat()
            await self._swarm.label_secret(same[0], {**self._labels(name), SECRET_SINCE_LABEL: since})
        # The value before stays for a rollback of functions that use it.
        await self._prune(version for version in versions[:-1] if version not in same)

    async def remove(self, name: str) -> None:
        """Remove every value of it. Raises NotFound, or Conflict naming the functions that use it."""
        versions = (await self._versions()).get(name)
        if versions is None:
            raise NotFound(f"secret {name} does not exist")
        users = sorted(
            function.name for function in self._view.functions.values() if name in function.deployment.secrets
        )
        if users:
            raise Conflict(f"secret {name} is used by {', '.join(users)}")
        for version in versions:
            await self._swarm.remove_secret(version["ID"])

    async def _versions(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        secrets = await self._swarm.secrets(label=f"{STACK_LABEL}={self._stack}")
        for secret in sorted(secrets, key=_since):
            if name := secret["Spec"]["Labels"].get(SECRET_LABEL):
                found.setdefault(name, []).append(secret)
        return found

    async def _prune(self, versions: Iterable[dict[str, Any]]) -> None:
        for version in versions:
            with suppress(Conflict):
                await self._swarm.remove_secret(version["ID"])

    def _labels(self, name: str) -> dict[str, str]:
        return {STACK_LABEL: self._stack, SECRET_LABEL: name}


def _version(secret: Mapping[str, Any]) -> SecretVersion:
    return SecretVersion(secret["ID"], secret["Spec"]["Name"])


def _since(secret: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(secret["Spec"]["Labels"].get(SECRET_SINCE_LABEL) or secret["CreatedAt"])
