"""The parts of the provider, put together in one place."""

from dataclasses import dataclass

import aiohttp

from faas.provider.activator import Activator
from faas.provider.deploying import Deployer
from faas.provider.gateway_state import GatewayState
from faas.provider.invocations import Invocations
from faas.provider.metrics import Metrics
from faas.provider.scaling import Scaling
from faas.provider.secrets import Secrets
from faas.provider.settings import Settings
from faas.provider.swarm import Swarm
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
    deployer: Deployer
    activator: Activator
    invocations: Invocations
    metrics: Metrics


def assemble(settings: Settings, *, swarm: Swarm, http: aiohttp.ClientSession, probe: Probe) -> Provider:
    """Put the parts together. Nothing is known before the view has looked at Swarm."""
    stack, network = settings.stack, settings.network
    view = View(swarm, stack=stack, network=network)
    state = GatewayState()
    scaling = Scaling(swarm, view, state, confirm_timeout=settings.confirm_timeout)
    metrics = Metrics(lambda: view.functions)
    warming = Warming(view, state, scaling, probe)
    warming.observe = metrics.observe_cold_start
    secrets = Secrets(swarm, view, stack=stack)
    activator = Activator(http, view, warming, ready_timeout=settings.ready_timeout)
    _tell_gateways(view, state, warming)
    return Provider(
        settings=settings,
        swarm=swarm,
        view=view,
        state=state,
        scaling=scaling,
        warming=warming,
        secrets=secrets,
        deployer=Deployer(swarm, view, secrets, stack=stack, network=network),
        activator=activator,
        invocations=Invocations(
            http,
            agents=lambda: [f"{agent.address}:{settings.agent_port}" for agent in state.live_agents().values()],
            own=lambda: {name: calls.total for name, calls in activator.calls.items()},
        ),
        metrics=metrics,
    )


def _tell_gateways(view: View, state: GatewayState, warming: Warming) -> None:
    def publish(functions: Functions) -> None:
        # What runs when the provider starts has been warm all the time.
        state.publish(functions.values(), warm=() if view.loaded.is_set() else view.running())
        warming.follow(functions)

    view.listen(publish)
