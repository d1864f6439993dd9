"""/system/functions, /system/function, /system/scale-function and, of this provider alone, /system/rollback."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from faas.provider.api.keys import PROVIDER
from faas.provider.bodies import read_body
from faas.provider.deployment import Deployment
from faas.provider.errors import NotFound
from faas.provider.functions import Function, status_of
from faas.provider.names import NAMESPACE, check_namespace
from faas.provider.provider import Provider
from faas.provider.replicas import available


class Removal(BaseModel):
    """Which function is to go."""

    function_name: str = Field(alias="functionName", min_length=1)
    namespace: str | None = None


class Scale(BaseModel):
    """How many replicas are wanted, and perhaps of how many that was decided; the function's name is in the path."""

    model_config = ConfigDict(strict=True)

    replicas: int
    observed: int | None = None
    namespace: str | None = None


async def list_functions(request: web.Request) -> web.Response:
    """List them all, by name."""
    check_namespace(request.query.get("namespace", ""))
    return web.json_response(await statuses(request))


async def read_function(request: web.Request) -> web.Response:
    """Tell about one."""
    provider = await loaded(request)
    function = _named(provider, request)
    return web.json_response(await _status(request, function, why_not=provider.health.why_not_at_length))


async def deploy_function(request: web.Request) -> web.Response:
    """Create one: 202, because its replicas are still to start."""
    deployment = read_body(Deployment, await request.read())
    await (await loaded(request)).deployer.deploy(deployment)
    return web.Response(status=202)


async def update_function(request: web.Request) -> web.Response:
    """Replace one, or do nothing if it is the same."""
    deployment = read_body(Deployment, await request.read())
    await (await loaded(request)).deployer.update(deployment)
    return web.Response(status=202)


async def remove_function(request: web.Request) -> web.Response:
    """Remove one. The namespace comes in the query or in the body."""
    removal = read_body(Removal, await request.read())
    check_namespace(request.query.get("namespace") or removal.namespace or "")
    await (await loaded(request)).deployer.remove(removal.function_name)
    return web.Response(status=202)


async def scale_function(request: web.Request) -> web.Response:
    """Change the number of its replicas, to zero too."""
    scale = read_body(Scale, await request.read())
    check_namespace(request.query.get("namespace") or scale.namespace or "")
    provider = await loaded(request)
    await provider.scaling.scale(_named(provider, request).name, scale.replicas, observed=scale.observed)
    return web.Response(status=202)


async def roll_back_function(request: web.Request) -> web.Response:
    """Return to what ran before the last deployment; once more, and it is back where it was."""
    provider = await loaded(request)
    await provider.deployer.roll_back(_named(provider, request).name)
    return web.Response(status=202)


async def statuses(request: web.Request) -> list[dict[str, Any]]:
    """Tell about all functions, by name; with what they use if the query asks for it."""
    provider = await loaded(request)
    functions = sorted(provider.view.functions.values(), key=lambda function: function.name)
    return await asyncio.gather(*(_status(request, function) for function in functions))


async def loaded(request: web.Request) -> Provider:
    """Return the provider once it has seen Swarm."""
    provider = request.app[PROVIDER]
    await provider.view.loaded.wait()
    return provider


def _named(provider: Provider, request: web.Request) -> Function:
    if request.query.get("namespace", "") not in ("", NAMESPACE):
        raise NotFound(f"namespace {request.query['namespace']} does not exist")
    return provider.view.function(request.match_info["name"])


async def _status(
    request: web.Request, function: Function, *, why_not: Callable[[Function], Awaitable[str]] | None = None
) -> dict[str, Any]:
    provider = request.app[PROVIDER]
    replicas = await provider.view.replicas_of(function)
    usage = await provider.meter.usage(replicas) if request.query.get("usage") in ("1", "true") else None
    return status_of(
        function,
        available=available(function, replicas),
        invocations=(await provider.invocations.counts()).get(function.name, 0),
        why_not=await (why_not or provider.health.why_not)(function),
        usage=usage.to_json() if usage else None,
    )


ROUTES = [
    web.get("/system/functions", list_functions, allow_head=False),
    web.post("/system/functions", deploy_function),
    web.put("/system/functions", update_function),
    web.delete("/system/functions", remove_function),
    web.get("/system/function/{name}", read_function, allow_head=False),
    web.post("/system/scale-function/{name}", scale_function),
    web.post("/system/rollback/{name}", roll_back_function),
]
