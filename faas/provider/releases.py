"""What a deployment came to: all that a function's replicas are made of, kept small enough for a label. Pure."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from faas.provider.bodies import read_body
from faas.provider.deployment import Deployment
from faas.provider.functions import SECRETS_FOLDER, SecretVersion
from faas.provider.names import DEPLOYMENT_LABEL

# Swarm stores a service's labels with each of its tasks.
_LARGEST = 32 * 1024


@dataclass(frozen=True)
class Release:
    """A deployment with the image and the secrets that its names stood for. No secret's value is in it."""

    deployment: Deployment
    image: str
    secrets: Mapping[str, SecretVersion]


def release_of(spec: Mapping[str, Any]) -> Release:
    """Read what a service's spec was built from."""
    container = spec["TaskTemplate"]["ContainerSpec"]
    return Release(
        deployment=read_body(Deployment, spec["Labels"][DEPLOYMENT_LABEL]),
        image=container["Image"],
        secrets={
            mounted["File"]["Name"].removeprefix(f"{SECRETS_FOLDER}/"): SecretVersion(
                mounted["SecretID"], mounted["SecretName"]
            )
            for mounted in container.get("Secrets") or ()
        },
    )


def packed(release: Release) -> str:
    """Write it as a label; empty if it is too large for one."""
    document = {
        "deployment": release.deployment.to_json(),
        "image": release.image,
        "secrets": {name: [version.id, version.name] for name, version in release.secrets.items()},
    }
    label = base64.b64encode(zlib.compress(json.dumps(document).encode(), 9)).decode()
    return label if len(label) <= _LARGEST else ""


def unpacked(label: str) -> Release:
    """Read what `packed` wrote."""
    document = json.loads(zlib.decompress(base64.b64decode(label)))
    return Release(
        deployment=read_body(Deployment, document["deployment"]),
        image=document["image"],
        secrets={name: SecretVersion(*version) for name, version in document["secrets"].items()},
    )
