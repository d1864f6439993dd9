"""`make audit`: a one-shot job beside the databases proves that everything balances."""

from collections.abc import Sequence

import docker

from deploy.errors import DeployError
from deploy.jobs import JobFailed, run_job
from deploy.secrets import DOMAINS, make_secrets, platform_names
from deploy.services import services_of
from deploy.settings import Settings


def audit(engine: docker.DockerClient, settings: Settings, arguments: Sequence[str]) -> tuple[str, bool]:
    """Run the audit on the platform's image; return what it printed, and whether all of it holds."""
    folder, relay = settings.state / "secrets", f"{settings.stack}_relay"
    image = next((service.image for service in services_of(engine, settings.stack) if service.name == relay), None)
    if image is None or not folder.is_dir():
        raise DeployError(f"There is no stack {settings.stack} on this machine: `make up` makes it.")
    names = platform_names(settings.stack, make_secrets(folder))
    secrets = {f"{domain}-db": names[f"{domain}-db"] for domain in DOMAINS}
    try:
        return run_job(engine, settings, image, "bookstore.audit", secrets, arguments), True
    except JobFailed as failure:
        # Without a line that says what does not hold, the audit itself came to nothing.
        if "FAIL " not in failure.printed:
            raise
        return failure.printed, False
