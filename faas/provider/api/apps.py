"""The three servers: which routes each has, and how it answers errors."""

from aiohttp import web

from faas.dashboard.routes import routes as dashboard_routes
from faas.provider.api import calls, functions, gateway, logs, secrets, system
from faas.provider.api.answers import as_problem, as_text, authenticated, count, from_here
from faas.provider.api.keys import PROVIDER
from faas.provider.auth import Credentials
from faas.provider.provider import Provider

# A deployment carries environment and annotations, a secret up to 500 KiB in base64.
_LARGEST_BODY = 2 * 1024**2
_COMMON = [*functions.ROUTES, *secrets.ROUTES, *logs.ROUTES, *system.ROUTES]


def provider_app(provider: Provider) -> web.Application:
    """The provider's API, for gateways, autoscaler and connector."""
    routes = [
        *_COMMON,
        *gateway.ROUTES,
        web.get("/system/info", system.provider_info, allow_head=False),
        web.get("/healthz", system.health),
        web.get("/metrics", system.metrics),
    ]
    return _app(provider, routes)


def gateway_app(provider: Provider) -> web.Application:
    """The gateway's API, for people and their tools."""
    routes = [
        *_COMMON,
        *calls.GATEWAY_ROUTES,
        *dashboard_routes(provider.dashboard, statuses=functions.statuses),
        web.get("/system/info", system.gateway_info, allow_head=False),
        web.get("/healthz", system.health, allow_head=False),
    ]
    app = _app(provider, routes)
    app.on_response_prepare.append(calls.name_function)
    return app


def activator_app(provider: Provider) -> web.Application:
    """Calls of functions that sleep, with the function's name in a header."""
    app = web.Application(middlewares=[as_problem])
    app[PROVIDER] = provider
    app.add_routes([web.route("*", calls.ANY_PATH, calls.activate)])
    return app


def _app(provider: Provider, routes: list[web.RouteDef]) -> web.Application:
    credentials = Credentials(provider.settings.user, provider.settings.password)
    app = web.Application(
        middlewares=[count, as_text, authenticated(credentials), from_here], client_max_size=_LARGEST_BODY
    )
    app[PROVIDER] = provider
    app.add_routes(routes)
    return app
