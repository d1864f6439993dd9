"""How every port answers what is no success."""

import http
import json

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from faas.provider.api.keys import PROVIDER
from faas.provider.auth import Credentials, challenge
from faas.provider.errors import ProviderError, Unavailable

_PROTECTED = ("/system/", "/gateway/", "/ui/")
_HARMLESS = (hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS)


@web.middleware
async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the requests by route and status."""
    response = await handler(request)
    resource = request.match_info.route.resource
    route = resource.canonical if resource else "unknown"
    # Clients may invent methods; each would be a series of its own.
    method = request.method if request.method in hdrs.METH_ALL else "other"
    request.app[PROVIDER].metrics.requests.labels(method, route, str(response.status)).inc()
    return response


@web.middleware
async def as_text(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer errors as upstream does: a line of text, which its clients print."""
    try:
        return await handler(request)
    except web.HTTPMethodNotAllowed:
        return web.Response(status=405)
    except web.HTTPNotFound:
        return web.Response(status=404, text="404 page not found\n")
    except ProviderError as error:
        return web.Response(status=error.status, text=error.reason)


@web.middleware
async def as_problem(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer errors as the functions do: problem+json, which callers of functions understand."""
    try:
        return await handler(request)
    except ProviderError as error:
        return problem(request, error)


def problem(request: web.Request, error: ProviderError) -> web.Response:
    """Write an error as problem+json."""
    headers = {hdrs.RETRY_AFTER: "2"} if isinstance(error, Unavailable) else {}
    document = {
        "type": "about:blank",
        "title": http.HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": str(error),
        "request_id": request.headers.get("X-Call-Id", ""),
    }
    body = json.dumps(document).encode()
    return web.Response(status=error.status, body=body, headers=headers, content_type="application/problem+json")


@web.middleware
async def from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page asks an operator's browser to change: that sends the password by itself."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin and request.method not in _HARMLESS and request.path.startswith(_PROTECTED):
        # Another site can set neither of these.
        own = {request.host, request.headers.get(hdrs.X_FORWARDED_HOST)}
        if origin.partition("://")[2] not in own:
            return web.Response(status=403, text=f"{origin} may not change anything here")
    return await handler(request)


def authenticated(credentials: Credentials) -> Middleware:
    """Make a middleware that lets only the operator pass to what is protected."""

    @web.middleware
    async def authenticate(request: web.Request, handler: Handler) -> web.StreamResponse:
        # What no route serves is told without a challenge, as upstream does.
        known = request.match_info.http_exception is None
        if known and request.path.startswith(_PROTECTED) and not credentials.admit(request):
            return challenge()
        return await handler(request)

    return authenticate
