"""/healthz, /metrics, /system/info, /system/namespaces and /system/alert."""

import hashlib
import logging
import platform
from functools import cache
from pathlib import Path

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

import faas
from faas.provider.alerts import Alert, Alerts, replicas_after
from faas.provider.api.functions import loaded
from faas.provider.api.keys import PROVIDER
from faas.provider.bodies import read_body
from faas.provider.errors import NotFound, NotImplementedYet, ProviderError, Unavailable
from faas.provider.names import NAMESPACE
from faas.provider.provider import Provider

log = logging.getLogger(__name__)

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


async def take_alerts(request: web.Request) -> web.Response:
    """Scale as Alertmanager's alerts ask for. As upstream, 200 even for functions that do not exist."""
    alerts = read_body(Alerts, await request.read()).alerts
    provider = await loaded(request)
    failures = [failure for alert in alerts if (failure := await _take_alert(provider, alert))]
    if failures:
        return web.Response(status=500, text="\n".join(f"[{i}] {failure}" for i, failure in enumerate(failures)))
    return web.Response()


async def _take_alert(provider: Provider, alert: Alert) -> str:
    try:
        function = provider.view.function(alert.function_name.removesuffix(f".{NAMESPACE}"))
        replicas = replicas_after(alert, function.deployment, function.replicas)
    except ProviderError as error:
        log.warning("alert without effect", extra={"function": alert.function_name, "reason": str(error)})
        return ""
    try:
        await provider.scaling.scale(function.name, replicas, observed=function.replicas)
    except ProviderError as error:
        return error.reason
    return ""


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
    web.post("/system/alert", take_alerts),
    web.get("/system/namespaces", list_namespaces, allow_head=False),
    web.get("/system/namespace/{name:[^/]*}", read_namespace, allow_head=False),
    *(web.route(method, "/system/namespace/{name:[^/]*}", change_namespace) for method in ("POST", "PUT", "DELETE")),
]
