"""The agent as a process: `python -m faas.gateway.running`."""

import asyncio
import logging

import aiohttp
from aiohttp import web

from faas import logs
from faas.gateway.agent import Agent
from faas.gateway.counters import Counters
from faas.gateway.generations import Generations
from faas.gateway.haproxy import HAProxyError, Master, flaw
from faas.gateway.provider import Provider, credentials
from faas.gateway.server import PORT, application
from faas.gateway.settings import Settings
from faas.gateway.supervisor import surroundings
from faas.gateway.workers import Workers

log = logging.getLogger(__name__)

_EVERY = 1.0


async def run(settings: Settings) -> None:
    """Follow the provider, count, and answer, until the process ends."""
    counters = Counters()
    workers = Workers(Master(settings.master_socket), settings.worker_socket, counters)
    generations = Generations(settings.folder, settings.run_folder)
    agent = Agent(settings, surroundings(settings), generations, workers, flaw)
    server = web.AppRunner(application(counters, agent, workers), access_log=None)
    await server.setup()
    await web.TCPSite(server, port=PORT).start()
    async with aiohttp.ClientSession(headers=credentials(settings.secrets)) as http, asyncio.TaskGroup() as tasks:
        tasks.create_task(count(workers))
        tasks.create_task(agent.follow(Provider(http, settings.provider_url, agent=settings.agent)))


async def count(workers: Workers) -> None:
    """Read all workers' figures once a second."""
    while True:
        try:
            await workers.count()
        except HAProxyError as error:
            log.warning("HAProxy does not answer", extra={"reason": str(error)})
        await asyncio.sleep(_EVERY)


if __name__ == "__main__":
    logs.start()
    asyncio.run(run(Settings.from_environment()))
