"""/gateway: what the agents of the gateways and the autoscaler ask."""

from aiohttp import web

from faas.provider.api.functions import loaded
from faas.provider.api.keys import PROVIDER
from faas.provider.errors import BadRequest

_LONGEST_WAIT = 25.0


async def state(request: web.Request) -> web.Response:
    """Answer a long poll: all functions, as soon as their version differs from the one the agent has."""
    agent = request.query.get("agent", "")
    if not agent:
        raise BadRequest("agent is missing")
    wait = _wait(request.query.get("wait", "0"))
    provider = await loaded(request)
    have, address = request.query.get("have", ""), request.remote or ""
    return web.json_response(await provider.state.poll(agent, address=address, have=have, wait=wait))


async def activations(request: web.Request) -> web.Response:
    """Tell how many calls came through the activator, by function."""
    calls = request.app[PROVIDER].activator.calls
    return web.json_response(
        {
            "functions": {
                name: {"in_flight": each.in_flight, "requests_total": each.total} for name, each in calls.items()
            }
        }
    )


def _wait(text: str) -> float:
    try:
        return min(max(float(text), 0.0), _LONGEST_WAIT)
    except ValueError:
        raise BadRequest(f'wait: "{text}" is no number of seconds') from None


ROUTES = [
    web.get("/gateway/state", state, allow_head=False),
    web.get("/gateway/activations", activations, allow_head=False),
]
