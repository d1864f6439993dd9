"""/healthz, /metrics, /system/info and /system/namespaces."""

import hashlib
import platform
from functools import cache
from pathlib import Path

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

import faas
from faas.provider.api.keys import PROVIDER
from faas.provider.errors import NotFound, NotImplementedYet, Unavailable
from faas.provider.names import NAMESPACE

_NAME = "openfaas-swarm"


async def health(request: web.Request) -> web.Response:
    """200 as soon as Swarm has been seen."""
    if not request.app[PROVIDER].view.loaded.is_set():
        raise Unavailable("Swarm has not been seen yet")
    return web.Response(text="OK")


async def metrics(request: web.Request) -> web.Response:
    """Everything Prometheus wants to know."""
    body = generate_latest(request.app[PROVIDER].metrics.registry)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def provider_info(_request: web.Request) -> web.Response:
    """What a provider tells its gateway."""
    return web.json_response(_info())


async def gateway_info(_request: web.Request) -> web.Response:
    """What a gateway tells its clients: the provider's answer inside its own."""
    return web.json_response({"provider": _info(), "version": _version(), "arch": platform.machine()})


async def list_namespaces(_request: web.Request) -> web.Response:
    """The only one."""
    return web.json_response([NAMESPACE])


async def read_namespace(request: web.Request) -> web.Response:
    """Tell about the only one."""
    if request.match_info["name"] != NAMESPACE:
        raise NotFound(f"namespace {request.match_info['name']} does not exist")
    return web.json_response({"name": NAMESPACE, "labels": {}, "annotations": {}})


async def change_namespace(_request: web.Request) -> web.Response:
    """Refuse."""
    raise NotImplementedYet(f"namespaces cannot be changed, {NAMESPACE} is the only one")


async def alert(_request: web.Request) -> web.Response:
    """Refuse."""
    raise NotImplementedYet("alerts are not used: the autoscaler sees the load itself")


def _info() -> dict[str, object]:
    return {"provider": _NAME, "version": _version(), "orchestration": "swarm"}


@cache
def _version() -> dict[str, str]:
    # A digest of the code that runs, which no build has to be told.
    digest = hashlib.sha1(usedforsecurity=False)
    for source in sorted(Path(faas.__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return {"release": faas.__version__, "sha": digest.hexdigest()}


ROUTES = [
    web.post("/system/alert", alert),
    web.get("/system/namespaces", list_namespaces, allow_head=False),
    web.get("/system/namespace/{name:[^/]*}", read_namespace, allow_head=False),
    *(web.route(method, "/system/namespace/{name:[^/]*}", change_namespace) for method in ("POST", "PUT", "DELETE")),
]
