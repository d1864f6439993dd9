"""Deploys, updates and removes functions."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from faas.provider.deployment import Deployment, check_deployment
from faas.provider.errors import BadRequest, Conflict
from faas.provider.functions import Function, SecretVersion, replicas_of, service_spec, with_replicas
from faas.provider.images import Images
from faas.provider.names import PREVIOUS_LABEL, SPEC_LABEL, TAKEN_BACK_LABEL, UPDATED_LABEL, service_name
from faas.provider.releases import Release, packed, release_of, unpacked
from faas.provider.routes import refuse_overlaps
from faas.provider.scaling import kept_replicas
from faas.provider.secrets import Secrets
from faas.provider.swarm import Swarm
from faas.provider.traffic import traffic_of
from faas.provider.view import View, still_deployed

log = logging.getLogger(__name__)


class Deployer:
    """Turns deployments into services. One at a time, so that two cannot claim the same route."""

    def __init__(self, swarm: Swarm, view: View, secrets: Secrets, images: Images, *, stack: str, network: str) -> None:
        """Functions are named for `stack` and joined to the overlay `network`."""
        self._swarm = swarm
        self._view = view
        self._secrets = secrets
        self._images = images
        self._stack = stack
        self._network = network
        self._turn = asyncio.Lock()

    async def deploy(self, deployment: Deployment) -> None:
        """Create the function. Raises Conflict if it exists, BadRequest with the reason it cannot work."""
        async with self._turn:
            if deployment.service in self._view.functions:
                raise Conflict(f"function {deployment.service} is deployed already")
            release = await self._release(deployment)
            await self._swarm.create_service(self._spec(release))
            await self._view.refresh()
            await self._images.pull(release.image)
        log.info("deployed", extra={"function": deployment.service, "image": deployment.image})

    async def update(self, deployment: Deployment) -> bool:
        """Replace the function, replicas kept. Tell whether anything changed. Raises NotFound, BadRequest."""
        async with self._turn:
            function = self._view.function(deployment.service)
            changed = await self._replace(function, await self._release(deployment))
        log.info("updated", extra={"function": deployment.service, "image": deployment.image, "changed": changed})
        return changed

    async def roll_back(self, name: str) -> None:
        """Return to what ran before the last deployment. Raises NotFound, or Conflict when that cannot be had."""
        async with self._turn:
            await self._go_back(self._view.function(name))
        log.info("rolled back", extra={"function": name})

    async def take_back(self, function: Function, *, reason: str) -> None:
        """Return to what ran before although nobody asked, and note the reason; unless another update came first."""
        async with self._turn:
            if self._view.function(function.name).spec_digest != function.spec_digest:
                return
            await self._go_back(function, reason=reason)
        log.warning("took an update back", extra={"function": function.name, "reason": reason})

    async def remove(self, name: str) -> None:
        """Remove the function. Raises NotFound."""
        async with self._turn:
            function = self._view.function(name)
            with still_deployed(function):
                await self._swarm.remove_service(function.service_id)
            await self._view.refresh()
        log.info("removed", extra={"function": name})

    async def _release(self, deployment: Deployment) -> Release:
        service_name(deployment.service, stack=self._stack)
        check_deployment(deployment)
        image = await self._images.resolve(deployment.image)
        return Release(deployment, image, await self._secret_versions(deployment))

    async def _go_back(self, function: Function, *, reason: str = "") -> None:
        if not function.previous:
            raise Conflict(f"there is no deployment of function {function.name} before this one to go back to")
        await self._replace(function, await self._still_there(unpacked(function.previous)), taken_back=reason)

    async def _still_there(self, release: Release) -> Release:
        try:
            image = await self._images.resolve(release.image)
        except BadRequest:
            raise Conflict(f"image {release.deployment.image} of that deployment is no longer on this node") from None
        present = await self._secrets.kept(release.secrets)
        if missing := sorted(release.secrets.keys() - present.keys()):
            raise Conflict(f"secret {', '.join(missing)} of that deployment does not exist any more")
        return Release(release.deployment, image, present)

    def _spec(self, release: Release) -> dict[str, Any]:
        self._refuse_taken_routes(release.deployment)
        return service_spec(
            release.deployment,
            stack=self._stack,
            network=self._network,
            image=release.image,
            secrets=release.secrets,
            replicas=traffic_of(release.deployment).first_replicas,
        )

    async def _replace(self, function: Function, release: Release, *, taken_back: str = "") -> bool:
        spec = self._spec(release)

        def change(present: dict[str, Any]) -> dict[str, Any] | None:
            if present["Labels"].get(SPEC_LABEL) == spec["Labels"][SPEC_LABEL]:
                return None
            labels = {**spec["Labels"], **_history(present, release, taken_back=taken_back)}
            replicas = kept_replicas(replicas_of(present), traffic_of(release.deployment))
            return with_replicas({**spec, "Labels": labels}, replicas)

        with still_deployed(function):
            changed = await self._swarm.update_service(function.service_id, change)
        await self._view.refresh()
        if changed:
            await self._images.pull(release.image)
        return changed

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
        return {name: present[name] for name in deployment.secrets}


def _history(present: Mapping[str, Any], release: Release, *, taken_back: str) -> dict[str, str]:
    """Write the labels that tell what a release takes the place of."""
    now = str(int(time.time()))
    if taken_back:
        return {UPDATED_LABEL: now, TAKEN_BACK_LABEL: taken_back}
    before = release_of(present)
    # What a newer provider builds in another way is no other deployment.
    previous = present["Labels"].get(PREVIOUS_LABEL, "") if before == release else packed(before)
    return {UPDATED_LABEL: now, PREVIOUS_LABEL: previous}
