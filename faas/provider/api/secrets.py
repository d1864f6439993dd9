"""/system/secrets: names come out, values go in."""

from aiohttp import web

from faas.provider.api.keys import PROVIDER
from faas.provider.bodies import read_body
from faas.provider.names import NAMESPACE, check_namespace
from faas.provider.secrets import SecretRequest, Secrets


async def list_secrets(request: web.Request) -> web.Response:
    """List the names."""
    check_namespace(request.query.get("namespace", ""))
    names = await request.app[PROVIDER].secrets.names()
    return web.json_response([{"name": name, "namespace": NAMESPACE} for name in names])


async def create_secret(request: web.Request) -> web.Response:
    """Make one."""
    secrets, sent = await _sent(request)
    await secrets.create(sent.name, sent.content())
    return web.Response(status=201)


async def update_secret(request: web.Request) -> web.Response:
    """Change one; functions have the value once they are deployed again."""
    secrets, sent = await _sent(request)
    await secrets.update(sent.name, sent.content())
    return web.Response(status=202)


async def remove_secret(request: web.Request) -> web.Response:
    """Remove one that no function uses."""
    secrets, sent = await _sent(request)
    await secrets.remove(sent.name)
    return web.Response(status=202)


async def _sent(request: web.Request) -> tuple[Secrets, SecretRequest]:
    sent = read_body(SecretRequest, await request.read())
    check_namespace(request.query.get("namespace") or sent.namespace or "")
    return request.app[PROVIDER].secrets, sent


ROUTES = [
    web.get("/system/secrets", list_secrets, allow_head=False),
    web.post("/system/secrets", create_secret),
    web.put("/system/secrets", update_secret),
    web.delete("/system/secrets", remove_secret),
]
