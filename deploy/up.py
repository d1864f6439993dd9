"""`make up`: every step in its order, each of which may be repeated at any time."""

import docker
from docker.errors import DockerException

from deploy.check import check_shop
from deploy.engine import connect, ensure_engine
from deploy.errors import DeployError
from deploy.functions import Functions
from deploy.host import inspect_host, shortcomings
from deploy.images import build_images, images_present
from deploy.jobs import run_job
from deploy.platform import deploy_platform, services, wait_until_ready
from deploy.progress import Progress
from deploy.recipes import RECIPES, RECIPES_WITH_REGISTRY
from deploy.registry import Registry, registry_of, share_images, start_registry, wait_until_pulled
from deploy.report import report
from deploy.secrets import DOMAINS, make_secrets, platform_names, publish_secrets, remove_old_secrets
from deploy.services import services_of, wait_until_updated
from deploy.settings import Settings
from deploy.stop import resume_functions
from deploy.swarm import ensure_swarm, machines
from deploy.upstream import find_upstream

# The functions cannot be deployed before these answer, and the migrations not before the database does.
_BEFORE_FUNCTIONS = ("mariadb", "rabbitmq", "provider", "gateway")


def up(settings: Settings, progress: Progress) -> None:
    """Bring the shop up from whatever state the machine is in. Raises DeployError saying what stands in the way."""
    with progress.step("This machine"):
        check_host(settings)
    with progress.step("Docker's engine"):
        engine = ensure_engine()
    with progress.step("Swarm") as tell:
        tell(ensure_swarm(engine, settings) or "as it was")
    with progress.step("Secrets"):
        known = make_secrets(settings.state / "secrets")
        stale = publish_secrets(engine, settings, known)
    registry = registry_of(engine, settings)
    with progress.step("Images") as tell:
        images = build_images(engine, tell, RECIPES_WITH_REGISTRY if registry else RECIPES)
    if registry:
        with progress.step("Images for the other machines"):
            start_registry(settings, registry, images["registry"])
            images = share_images(engine, registry, images)
    with progress.step("Gateway"):
        images |= find_upstream(engine, settings, progress.say)
    _start(engine, settings, progress, images, known, stale, registry)
    with progress.step("One order, placed, paid and cancelled"):
        proof = check_shop(settings, known)
    remove_old_secrets(engine, settings, known)
    report(settings, progress, proof)


def check_host(settings: Settings) -> None:
    """Raise DeployError with everything that this machine lacks, one line each."""
    engine = connect()
    version = str(engine.version()["Version"]) if engine else None
    host = inspect_host(settings, version, bool(engine and images_present(engine)), _own_ports(engine, settings))
    lacking = list(shortcomings(host, settings))
    if lacking:
        raise DeployError("\n".join(lacking))


def _start(
    engine: docker.DockerClient,
    settings: Settings,
    progress: Progress,
    images: dict[str, str],
    known: dict[str, str],
    stale: list[str],
    registry: Registry | None,
) -> None:
    swarm_names = platform_names(settings.stack, known)
    functions = Functions(settings, known, registry)
    with progress.step("Platform"):
        deploy_platform(engine, settings, images, known, machines=machines(engine))
        # An older database or broker that still answers would go in the middle of the next steps.
        wait_until_updated(engine, settings.stack)
        wait_until_ready(settings, images["platform"], _BEFORE_FUNCTIONS)
    with progress.step("Migrations"):
        ddl = {f"{domain}-ddl-db": swarm_names[f"{domain}-ddl-db"] for domain in DOMAINS}
        run_job(engine, settings, images["platform"], "bookstore.migrations", ddl)
    with progress.step("Functions") as tell:
        for name in stale:
            functions.replace_secret(name)
        resume_functions(engine, settings)
        tell("building")
        functions.build()
        tell("deploying")
        functions.deploy()
        if registry:
            tell("on every machine")
            wait_until_pulled(engine, settings.stack)
    with progress.step("The first admin and the demo catalog"):
        _fill(engine, settings, images["platform"], swarm_names)
    with progress.step("Every service answers"):
        wait_until_ready(settings, images["platform"], services(images))


def _fill(engine: docker.DockerClient, settings: Settings, image: str, names: dict[str, str]) -> None:
    admin = ("accounts-db", "admin-email", "admin-password")
    run_job(engine, settings, image, "bookstore.accounts.first_admin", {name: names[name] for name in admin})
    if settings.demo:
        demo = ("accounts-db", "catalog-db", "orders-db")
        run_job(engine, settings, image, "bookstore.demo", {name: names[name] for name in demo})


def _own_ports(engine: docker.DockerClient | None, settings: Settings) -> set[int]:
    try:
        services = services_of(engine, settings.stack) if engine else []
    except DockerException:
        return set()
    return {port for service in services for port in service.ports if service.running}
