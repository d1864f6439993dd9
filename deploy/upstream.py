"""OpenFaaS' own gateway, put into the path of calls and the API where its image can be had."""

import docker
from docker.errors import ImageNotFound

from deploy.errors import DeployError
from deploy.progress import Report
from deploy.pulls import pull
from deploy.settings import Settings

# The last release under the MIT license alone, of January 2024.
REPOSITORY, TAG = "ghcr.io/openfaas/gateway", "0.27.5"
IMAGE = f"{REPOSITORY}:{TAG}"


def find_upstream(engine: docker.DockerClient, settings: Settings, say: Report) -> dict[str, str]:
    """Its image by the name `upstream`, or nothing for the built-in gateway; say which.

    Raises DeployError when it is demanded and cannot be had.
    """
    image = None if settings.gateway == "builtin" else _image(engine, insist=settings.gateway == "upstream")
    if image is not None:
        say(f"OpenFaaS' own gateway is in the path: {IMAGE}.")
        return {"upstream": image}
    if settings.gateway == "upstream":
        raise DeployError(
            f"GATEWAY=upstream needs the image {IMAGE}, which is neither on this machine nor to be pulled from here: "
            "bring it with `docker save` and `docker load` from a machine that can pull it, or use GATEWAY=builtin."
        )
    reason = "" if settings.gateway == "builtin" else f", for {IMAGE} is neither here nor to be pulled from here"
    say(f"The built-in gateway serves{reason}.")
    return {}


def _image(engine: docker.DockerClient, *, insist: bool) -> str | None:
    try:
        return str(engine.images.get(IMAGE).id)
    except ImageNotFound:
        pulled = pull(engine, REPOSITORY, TAG, insist=insist)
        return None if pulled is None else str(pulled.id)
