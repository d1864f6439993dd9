"""The parts of the provider, put together in one place."""

from dataclasses import dataclass

import aiohttp

from faas.dashboard.dashboard import Dashboard
from faas.provider.activator import Activator
from faas.provider.deploying import Deployer
from faas.provider.gateway_state import GatewayState
from faas.provider.health import Health
from faas.provider.images import Images
from faas.provider.invocations import Invocations
from faas.provider.mending import Mender
from faas.provider.metrics import Metrics
from faas.provider.scaling import Scaling
from faas.provider.secrets import Secrets
from faas.provider.settings import Settings
from faas.provider.swarm import Swarm
from faas.provider.usage import Meter
from faas.provider.view import Functions, View
from faas.provider.warming import Probe, Warming


@dataclass(frozen=True)
class Provider:
    """What the APIs work with."""

    settings: Settings
    swarm: Swarm
    view: View
    state: GatewayState
    scaling: Scaling
    warming: Warming
    secrets: Secrets
    images: Images
    deployer: Deployer
    activator: Activator
    invocations: Invocations
    metrics: Metrics
    dashboard: Dashboard
    health: Health
    meter: Meter
    mender: Mender


def assemble(settings: Settings, *, swarm: Swarm, http: aiohttp.ClientSession, probe: Probe) -> Provider:
    """Put the parts together. Nothing is known before the view has looked at Swarm."""
    stack, network = settings.stack, settings.network
    view = View(swarm, stack=stack, network=network)
    state = GatewayState(gathering=settings.gathering)
    scaling = Scaling(swarm, view, state, confirm_timeout=settings.confirm_timeout)
    metrics = Metrics(lambda: view.functions)
    warming = Warming(view, state, scaling, probe)
    warming.observe = metrics.observe_cold_start
    health = Health(swarm, view, silent=warming.silent)
    # Not at length: whoever calls a function gets to see it.
    warming.why_not = health.why_not
    secrets = Secrets(swarm, view, stack=stack)
    images = Images(swarm, stack=stack)
    deployer = Deployer(swarm, view, secrets, images, stack=stack, network=network)
    activator = Activator(http, view, warming, ready_timeout=settings.ready_timeout)
    _tell_gateways(view, state, warming)
    dashboard = Dashboard(http, stack=stack, woken=lambda: scaling.woken)
    view.listen(lambda functions: dashboard.journal.follow(_replicas(functions)))
    return Provider(
        settings=settings,
        swarm=swarm,
        view=view,
        state=state,
        scaling=scaling,
        warming=warming,
        secrets=secrets,
        images=images,
        deployer=deployer,
        activator=activator,
        invocations=Invocations(
            http,
            agents=lambda: [f"{agent.address}:{settings.agent_port}" for agent in state.live_agents().values()],
        ),
        metrics=metrics,
        dashboard=dashboard,
        health=health,
        meter=Meter(swarm),
        mender=Mender(view, health, deployer),
    )


def _replicas(functions: Functions) -> dict[str, int]:
    return {name: function.replicas for name, function in functions.items()}


def _tell_gateways(view: View, state: GatewayState, warming: Warming) -> None:
    def publish(functions: Functions) -> None:
        # What has run for a while when the provider starts was warm before; what began just now may not answer yet.
        state.publish(functions.values(), warm=() if view.loaded.is_set() else view.serving())
        warming.follow(functions)

    view.listen(publish)
