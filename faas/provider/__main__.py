"""Run the provider: `python -m faas.provider`. SIGTERM ends polls and servers within two seconds."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from faas import logs
from faas.provider.api.apps import activator_app, gateway_app, provider_app
from faas.provider.provider import Provider, assemble
from faas.provider.settings import Settings
from faas.provider.swarm import Swarm
from faas.provider.warming import http_probe

log = logging.getLogger("faas.provider")

# How long answers that are on their way may take after SIGTERM.
_GRACE = 0.5


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    logs.start()
    asyncio.run(serve(Settings.read()))
    log.info("the provider has stopped")


async def serve(settings: Settings) -> None:
    """Serve all three ports until a signal comes."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with _provider(settings) as provider:
        servers = {
            settings.provider_port: provider_app(provider),
            settings.gateway_port: gateway_app(provider),
            settings.activator_port: activator_app(provider),
        }
        async with _served(servers):
            log.info("the provider serves", extra={"ports": list(servers), "stack": settings.stack})
            await stop.wait()
            provider.state.close()


@asynccontextmanager
async def _provider(settings: Settings) -> AsyncIterator[Provider]:
    # A new connection for each call: an idle one could lead to a replica that is gone.
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    swarm = Swarm(settings.docker)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as http:
        provider = assemble(settings, swarm=swarm, http=http, probe=http_probe(http))
        tasks = (provider.view.run, provider.images.run, provider.mender.run)
        following = [asyncio.create_task(run()) for run in tasks]
        try:
            yield provider
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)
            await swarm.close()


@asynccontextmanager
async def _served(servers: Mapping[int, web.Application]) -> AsyncIterator[None]:
    runners = [
        web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_GRACE)
        for app in servers.values()
    ]
    for port, runner in zip(servers, runners, strict=True):
        await runner.setup()
        await web.TCPSite(runner, port=port).start()
    try:
        yield
    finally:
        await asyncio.gather(*(runner.cleanup() for runner in runners))


if __name__ == "__main__":
    main()
