"""Deploys, updates and removes functions."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from faas.provider.deployment import Deployment, check_deployment
from faas.provider.errors import BadRequest, Conflict
from faas.provider.functions import SecretVersion, replicas_of, service_spec, with_replicas
from faas.provider.names import SPEC_LABEL, service_name
from faas.provider.routes import refuse_overlaps
from faas.provider.secrets import Secrets
from faas.provider.swarm import Swarm
from faas.provider.traffic import traffic_of
from faas.provider.view import View

log = logging.getLogger(__name__)


class Deployer:
    """Turns deployments into services. One at a time, so that two cannot claim the same route."""

    def __init__(self, swarm: Swarm, view: View, secrets: Secrets, *, stack: str, network: str) -> None:
        """Functions are named for `stack` and joined to the overlay `network`."""
        self._swarm = swarm
        self._view = view
        self._secrets = secrets
        self._stack = stack
        self._network = network
        self._turn = asyncio.Lock()

    async def deploy(self, deployment: Deployment) -> None:
        """Create the function. Raises Conflict if it exists, BadRequest with the reason it cannot work."""
        async with self._turn:
            if deployment.service in self._view.functions:
                raise Conflict(f"function {deployment.service} is deployed already")
            spec = await self._spec(deployment)
            await self._swarm.create_service(with_replicas(spec, max(1, traffic_of(deployment).min_replicas)))
            await self._view.refresh()
        log.info("deployed", extra={"function": deployment.service, "image": deployment.image})

    async def update(self, deployment: Deployment) -> bool:
        """Replace the function, replicas kept. Tell whether anything changed. Raises NotFound, BadRequest."""
        async with self._turn:
            function = self._view.function(deployment.service)
            spec = await self._spec(deployment)

            def change(present: dict[str, Any]) -> dict[str, Any] | None:
                same = present["Labels"].get(SPEC_LABEL) == spec["Labels"][SPEC_LABEL]
                return None if same else with_replicas(spec, replicas_of(present))

            changed = await self._swarm.update_service(function.service_id, change)
            await self._view.refresh()
        log.info("updated", extra={"function": deployment.service, "image": deployment.image, "changed": changed})
        return changed

    async def remove(self, name: str) -> None:
        """Remove the function. Raises NotFound."""
        async with self._turn:
            await self._swarm.remove_service(self._view.function(name).service_id)
            await self._view.refresh()
        log.info("removed", extra={"function": name})

    async def _spec(self, deployment: Deployment) -> dict[str, Any]:
        service_name(deployment.service, stack=self._stack)
        check_deployment(deployment)
        self._refuse_taken_routes(deployment)
        return service_spec(
            deployment,
            stack=self._stack,
            network=self._network,
            image=await self._image(deployment.image),
            secrets=await self._secret_versions(deployment),
            replicas=0,
        )

    def _refuse_taken_routes(self, deployment: Deployment) -> None:
        others = {
            name: function.traffic.routes
            for name, function in self._view.functions.items()
            if name != deployment.service
        }
        refuse_overlaps(traffic_of(deployment).routes, owned=others)

    async def _secret_versions(self, deployment: Deployment) -> Mapping[str, SecretVersion]:
        present = await self._secrets.current() if deployment.secrets else {}
        if missing := sorted(set(deployment.secrets) - present.keys()):
            raise BadRequest(f"secret {', '.join(missing)} does not exist")
        return present

    async def _image(self, image: str) -> str:
        # With a tag every start of a replica would first ask a registry; an id or a digest needs none.
        if "@sha256:" in image:
            return image
        if found := await self._swarm.image_id(image):
            return found
        if names_registry(image):
            return image
        raise BadRequest(f'image "{image}" is not on this node: build it first (faas-cli build), or name its registry')


def names_registry(image: str) -> bool:
    """Tell whether a name begins with a registry's host, by Docker's own rule."""
    host, slash, _ = image.partition("/")
    return bool(slash) and ("." in host or ":" in host or host == "localhost")
