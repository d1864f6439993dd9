"""Which image a function's replicas start from, and how every node comes by it."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from faas.provider.errors import BadRequest, Conflict, ProviderError
from faas.provider.swarm import Swarm

log = logging.getLogger(__name__)

PULL_LABEL = "com.openfaas.pull"
_PAUSE = 1.0
# A node that went meanwhile never gets there.
_PATIENCE = 300.0


class Images:
    """Names images as Swarm should start them.

    On several nodes every one pulls the image at once, by a service that starts there for a moment: so a replica can
    come back on any of them while the registry cannot be reached.
    """

    def __init__(self, swarm: Swarm, *, stack: str) -> None:
        """Pulls carry the name of the `stack`."""
        self._swarm = swarm
        self._stack = stack
        # The provider before this one may have left some.
        self._pulling = asyncio.Event()
        self._pulling.set()
        self._seen: dict[str, float] = {}

    async def resolve(self, image: str) -> str:
        """Name the image by what it holds. Raises BadRequest saying why it cannot be had."""
        # With a tag every start of a replica would first ask a registry; an id or a digest needs none.
        if "@sha256:" in image:
            return image
        if await self._swarm.node_count() > 1:
            return await self._by_digest(image)
        if found := await self._swarm.image_id(image):
            return found
        if names_registry(image):
            return image
        raise BadRequest(f'image "{image}" is not on this node: build it first (faas-cli build), or name its registry')

    async def pull(self, resolved: str) -> None:
        """Have every node pull it, without waiting for that. What fails is logged: replicas pull for themselves."""
        try:
            if "@sha256:" in resolved and await self._swarm.node_count() > 1:
                with suppress(Conflict):
                    await self._swarm.create_service(_pull(resolved, stack=self._stack))
                self._pulling.set()
        except ProviderError as error:
            log.warning("not pulled by every node", extra={"image": resolved, "reason": str(error)})

    async def run(self) -> None:
        """Remove pulls that are done, for ever."""
        while True:
            await self._pulling.wait()
            try:
                if not await self._remove_done():
                    self._pulling.clear()
            except ProviderError as error:
                log.warning("cannot see pulls", extra={"reason": str(error)})
            await asyncio.sleep(_PAUSE)

    async def _by_digest(self, image: str) -> str:
        try:
            digest = await self._swarm.image_digest(image)
        except ProviderError as error:
            raise BadRequest(
                f'image "{image}" must be in a registry that all nodes reach: push it first (faas-cli push). {error}'
            ) from error
        return f"{_without_tag(image)}@{digest}"

    async def _remove_done(self) -> int:
        """Return how many pulls there were."""
        label = f"{PULL_LABEL}={self._stack}"
        pulls = await self._swarm.services(label=label)
        tasks = await self._swarm.tasks(label=label) if pulls else []
        now = time.monotonic()
        self._seen = {pull["ID"]: self._seen.get(pull["ID"], now) for pull in pulls}
        for pull in pulls:
            own = [task for task in tasks if task["ServiceID"] == pull["ID"]]
            if is_done(own) or now - self._seen[pull["ID"]] > _PATIENCE:
                for reason in {task["Status"]["Err"] for task in own if task["Status"].get("Err")}:
                    log.warning("not pulled by every node", extra={"service": pull["Spec"]["Name"], "reason": reason})
                await self._swarm.remove_service(pull["ID"])
        return len(pulls)


def is_done(tasks: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether a pull has come to its end on every node, one way or the other."""
    states = [task["Status"]["State"] for task in tasks if task["DesiredState"] == "running"]
    return bool(tasks) and all(state == "running" for state in states)


def names_registry(image: str) -> bool:
    """Tell whether a name begins with a registry's host, by Docker's own rule."""
    host, slash, _ = image.partition("/")
    return bool(slash) and ("." in host or ":" in host or host == "localhost")


def _without_tag(image: str) -> str:
    folder, slash, name = image.rpartition("/")
    return folder + slash + name.partition(":")[0]


def _pull(image: str, *, stack: str) -> dict[str, Any]:
    """Build the spec of a service that waits on every node; whether the image has a `sleep` does not matter."""
    return {
        "Name": f"{stack}_pull-{image.rpartition(':')[2][:12]}",
        "Labels": {PULL_LABEL: stack},
        "TaskTemplate": {
            "ContainerSpec": {
                "Image": image,
                "Command": ["sleep", "3600"],
                "StopSignal": "SIGKILL",
                "ReadOnly": True,
                "CapabilityDrop": ["ALL"],
            },
            "Resources": {"Limits": {"MemoryBytes": 2**24, "Pids": 8}},
            "RestartPolicy": {"Condition": "none"},
        },
        "Mode": {"Global": {}},
        "EndpointSpec": {"Mode": "dnsrr"},
    }
