"""`make up` on a machine of several, with no more than functions without state need: `python -m tests.cluster.up`."""

from typing import Any

import yaml

from deploy.engine import ensure_engine
from deploy.errors import DeployError
from deploy.images import build_images
from deploy.platform import STACK_FILE, deploy_platform, wait_until_ready
from deploy.recipes import RECIPES_WITH_REGISTRY
from deploy.registry import registry_of, share_images, start_registry
from deploy.secrets import make_secrets, publish_secrets
from deploy.settings import Settings, read_settings
from deploy.swarm import ensure_swarm, machines

SERVICES = ("gateway", "provider", "autoscaler")
IMAGES = ("base", "python", "platform", "gateway", "function-runtime", "registry")
RECIPES = [recipe for recipe in RECIPES_WITH_REGISTRY if recipe.name in IMAGES]


def main(settings: Settings) -> None:
    """Bring up registry and platform; secrets and the state that they need lie where `make up` puts them."""
    engine = ensure_engine()
    ensure_swarm(engine, settings)
    known = make_secrets(settings.state / "secrets")
    publish_secrets(engine, settings, known)
    registry = registry_of(engine, settings)
    if registry is None:
        raise DeployError("The other machines have not joined.")
    images = build_images(engine, print, RECIPES)
    start_registry(settings, registry, images["registry"])
    images = share_images(engine, registry, images, ["gateway"])
    stack_file = settings.state / "platform.yml"
    stack_file.write_text(yaml.safe_dump(_reduced(yaml.safe_load(STACK_FILE.read_text()))))
    deploy_platform(engine, settings, images, known, machines=machines(engine), stack_file=stack_file)
    wait_until_ready(settings, images["platform"], SERVICES)


def _reduced(stack: dict[str, Any]) -> dict[str, Any]:
    services = {name: stack["services"][name] for name in SERVICES}
    used = {secret for service in services.values() for secret in service.get("secrets", [])}
    return {
        **stack,
        "services": services,
        "secrets": {name: secret for name, secret in stack["secrets"].items() if name in used},
        "volumes": {"gateway": None},
    }


if __name__ == "__main__":
    main(read_settings())
