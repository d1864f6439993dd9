"""The one door to Docker. What it gives are Docker's own objects; what it raises are the provider's errors."""

import asyncio
import base64
import json
import random
import struct
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiodocker import Docker
from aiodocker.exceptions import DockerError

from faas.provider.errors import BadRequest, Conflict, NotFound, ProviderError, Unavailable

Json = dict[str, Any]

_BY_STATUS: Mapping[int, type[ProviderError]] = {400: BadRequest, 404: NotFound, 409: Conflict, 503: Unavailable}
_NO_CONNECTION = 900  # aiodocker's own
_ENDLESS = aiohttp.ClientTimeout()
_TIMEOUT = aiohttp.ClientTimeout(total=20)
_FRAME = struct.Struct(">BxxxL")
_UPDATE_ATTEMPTS = 20


@dataclass(frozen=True)
class Consumption:
    """What a container has used of its node until a moment."""

    at: float
    """On the monotonic clock."""
    cpu_seconds: float
    memory: int
    """Bytes, without files that are only cached."""


class Swarm:
    """Services, tasks, secrets, images and events of the engine's Swarm; containers of its own node."""

    def __init__(self, url: str) -> None:
        """Connect to the engine on first use, with the newest API version that it knows."""
        self._docker = Docker(url, api_version="auto", timeout=_TIMEOUT)
        self._node_id = ""

    async def close(self) -> None:
        """Let go of the connections."""
        await self._docker.close()

    async def services(self, *, label: str) -> list[Json]:
        """List the services with a label, `key=value`."""
        return list(await self._get("services", label=[label]))

    async def create_service(self, spec: Json) -> None:
        """Create a service. Raises Conflict if there is one of its name."""
        await self._post("services/create", spec)

    async def update_service(self, service_id: str, change: Callable[[Json], Json | None]) -> bool:
        """Apply a change to the service's spec as it is now; None leaves it. Tell whether anything was changed.

        Swarm refuses an update of a spec that somebody else changed meanwhile; then the change is made on the new one.
        """
        for attempt in range(_UPDATE_ATTEMPTS):
            service = await self._get(f"services/{service_id}")
            spec = change(service["Spec"])
            if spec is None:
                return False
            try:
                version = service["Version"]["Index"]
                await self._post(f"services/{service_id}/update", spec, version=str(version))
                return True
            except ProviderError as error:
                if "out of sequence" not in str(error):
                    raise
            await asyncio.sleep(random.uniform(0, 0.02 * (attempt + 1)))  # noqa: S311
        raise Unavailable("the service is being changed by others all the time, try again")

    async def remove_service(self, service_id: str) -> None:
        """Remove a service; its tasks end by themselves."""
        await self._delete(f"services/{service_id}")

    async def tasks(self, *, label: str) -> list[Json]:
        """List the tasks of services with a label, `key=value`; those of the recent past too."""
        return list(await self._get("tasks", label=[label]))

    async def image_id(self, image: str) -> str | None:
        """Look up an image of this node by its name. None if there is none."""
        try:
            return str((await self._get(f"images/{image}/json"))["Id"])
        except NotFound:
            return None

    async def image_digest(self, image: str) -> str:
        """Ask the image's registry what its name stands for now, `sha256:…`."""
        return str((await self._get(f"distribution/{image}/json"))["Descriptor"]["digest"])

    async def node_count(self) -> int:
        """Count the nodes, those that are down included."""
        return len(await self._get("nodes"))

    async def secrets(self, *, label: str) -> list[Json]:
        """List the secrets with a label, `key=value`; never their values."""
        return list(await self._get("secrets", label=[label]))

    async def create_secret(self, name: str, value: bytes, labels: Mapping[str, str]) -> None:
        """Create a secret. Raises Conflict if there is one of its name."""
        data = base64.b64encode(value).decode()
        await self._post("secrets/create", {"Name": name, "Labels": dict(labels), "Data": data})

    async def label_secret(self, secret: Mapping[str, Any], labels: Mapping[str, str]) -> None:
        """Replace the labels of a secret: all that Swarm lets one change."""
        spec = {**secret["Spec"], "Labels": dict(labels)}
        await self._post(f"secrets/{secret['ID']}/update", spec, version=str(secret["Version"]["Index"]))

    async def remove_secret(self, secret_id: str) -> None:
        """Remove a secret. Raises Conflict while a service uses it."""
        try:
            await self._delete(f"secrets/{secret_id}")
        except BadRequest as error:
            raise Conflict(str(error)) from error

    async def node_id(self) -> str:
        """Tell which of Swarm's nodes the engine is; empty if none."""
        if not self._node_id:
            self._node_id = (await self._get("info"))["Swarm"]["NodeID"]
        return self._node_id

    async def consumption(self, container_id: str) -> Consumption:
        """Look at a container of this node. Raises NotFound, also when it has ended."""
        async with self._query(f"containers/{container_id}/stats", params={"stream": "0", "one-shot": "1"}) as response:
            stats = await response.json()
        memory = stats["memory_stats"]
        if "usage" not in memory:
            raise NotFound("the container has ended")
        # Without what the kernel would give back at once, as `docker stats` shows it; the first is of cgroups 1.
        detail = memory["stats"]
        cached = detail.get("total_inactive_file", detail.get("inactive_file", 0))
        cpu = stats["cpu_stats"]["cpu_usage"]["total_usage"]
        return Consumption(at=time.monotonic(), cpu_seconds=cpu / 10**9, memory=max(0, memory["usage"] - cached))

    async def was_out_of_memory(self, container_id: str) -> bool:
        """Tell whether a container was killed for want of memory; no when it is not this node's, or gone."""
        try:
            return bool((await self._get(f"containers/{container_id}/json"))["State"]["OOMKilled"])
        except NotFound:
            return False

    def logs(self, service_id: str, **options: str) -> AsyncIterator[bytes]:
        """Yield the log lines of a service's tasks, in no order across tasks, each as Docker writes it.

        `options` are those of Docker's API: follow, tail, since.
        """
        return self._logs(f"services/{service_id}/logs", options)

    def task_logs(self, task_id: str, **options: str) -> AsyncIterator[bytes]:
        """Yield the log lines of one task, ended ones too."""
        return self._logs(f"tasks/{task_id}/logs", options)

    async def _logs(self, path: str, options: Mapping[str, str]) -> AsyncIterator[bytes]:
        params = {"stdout": "1", "stderr": "1", "timestamps": "1", "details": "1", **options}
        async with self._query(path, params=params, timeout=_ENDLESS) as response:
            with suppress(asyncio.IncompleteReadError):
                while True:
                    _, length = _FRAME.unpack(await response.content.readexactly(_FRAME.size))
                    yield await response.content.readexactly(length)

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[bytes]]:
        """Give what happens from now on to services and to this node's containers, as lines of JSON."""
        filters = {"type": ["service", "container"], "event": ["create", "update", "remove", "start", "die"]}
        params = {"filters": json.dumps(filters)}
        async with self._query("events", params=params, timeout=_ENDLESS) as response:
            yield aiter(response.content)

    async def _get(self, path: str, **filters: list[str]) -> Any:
        params = {"filters": json.dumps(filters)} if filters else {}
        async with self._query(path, params=params) as response:
            return await response.json()

    async def _post(self, path: str, body: Json, **params: str) -> None:
        async with self._query(path, method="POST", params=params, data=json.dumps(body)):
            pass

    async def _delete(self, path: str) -> None:
        async with self._query(path, method="DELETE"):
            pass

    @asynccontextmanager
    async def _query(self, path: str, **arguments: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        # aiodocker's own calls cannot send a whole spec as an update, nor read details in logs.
        try:
            async with self._docker._query(path, **arguments) as response, response:
                yield response
        except DockerError as error:
            raise _translated(error) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"Docker does not answer: {type(error).__name__}") from error


def _translated(error: DockerError) -> ProviderError:
    if error.status == _NO_CONNECTION:
        return Unavailable("Docker cannot be reached")
    # The reason stands last: `rpc error: code = … desc = the reason`.
    reason = error.message.partition(" desc = ")[2] or error.message
    return _BY_STATUS.get(error.status, ProviderError)(reason)
