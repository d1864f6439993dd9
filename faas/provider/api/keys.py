"""Where the handlers find the provider."""

from aiohttp import web

from faas.provider.provider import Provider

PROVIDER = web.AppKey("provider", Provider)
