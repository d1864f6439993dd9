"""/system/functions, /system/function and /system/scale-function."""

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
    """How many replicas are wanted; the function's name is in the path."""

    model_config = ConfigDict(strict=True)

    replicas: int
    namespace: str | None = None


async def list_functions(request: web.Request) -> web.Response:
    """List them all, by name."""
    check_namespace(request.query.get("namespace", ""))
    provider = await loaded(request)
    functions = sorted(provider.view.functions.values(), key=lambda function: function.name)
    return web.json_response([await _status(provider, function) for function in functions])


async def read_function(request: web.Request) -> web.Response:
    """Tell about one."""
    provider = await loaded(request)
    return web.json_response(await _status(provider, _named(provider, request)))


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
    await provider.scaling.scale(_named(provider, request).name, scale.replicas)
    return web.Response(status=202)


async def loaded(request: web.Request) -> Provider:
    """Return the provider once it has seen Swarm."""
    provider = request.app[PROVIDER]
    await provider.view.loaded.wait()
    return provider


def _named(provider: Provider, request: web.Request) -> Function:
    if request.query.get("namespace", "") not in ("", NAMESPACE):
        raise NotFound(f"namespace {request.query['namespace']} does not exist")
    return provider.view.function(request.match_info["name"])


async def _status(provider: Provider, function: Function) -> dict[str, object]:
    running = available(function, await provider.view.replicas_of(function))
    return status_of(
        function, available=running, invocations=(await provider.invocations.counts()).get(function.name, 0)
    )


ROUTES = [
    web.get("/system/functions", list_functions, allow_head=False),
    web.post("/system/functions", deploy_function),
    web.put("/system/functions", update_function),
    web.delete("/system/functions", remove_function),
    web.get("/system/function/{name}", read_function, allow_head=False),
    web.post("/system/scale-function/{name}", scale_function),
]
