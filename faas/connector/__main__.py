"""Run the connector: `python -m faas.connector`. SIGTERM lets calls end, and leaves the rest to the next one."""

import asyncio
import logging
import signal
from collections.abc import Iterable

import aiohttp
from prometheus_client import start_http_server

from faas import logs
from faas.connector.connector import Connector
from faas.connector.cron import Timers
from faas.connector.gateway import Gateway, connections
from faas.connector.settings import Settings
from faas.connector.triggers import Trigger, read_all

log = logging.getLogger("faas.connector")


def main() -> None:
    """Connect functions to messages and times until SIGTERM or SIGINT."""
    logs.start()
    # pika tells every lost connection ten times over; the connector's own lines suffice.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    settings = Settings.read()
    start_http_server(settings.metrics_port)
    asyncio.run(connect(settings))
    log.info("the connector has stopped")


async def connect(settings: Settings) -> None:
    """Run all parts until a signal comes."""
    async with aiohttp.ClientSession(connector=connections()) as http:
        gateway = Gateway(http, settings)
        connector = Connector(settings, gateway.deliver)
        timers = Timers(gateway.tick)
        parts = [
            asyncio.create_task(connector.run()),
            asyncio.create_task(follow(gateway, connector, timers, every=settings.refresh)),
        ]
        await _until_signalled(parts)
        timers.stop()
        await _cancel(parts)


async def follow(gateway: Gateway, connector: Connector, timers: Timers, *, every: float) -> None:
    """Tell connector and timers what the functions ask for, for ever. A provider that is away changes nothing."""
    told: object = None
    while True:
        try:
            triggers, problems = read_all(await gateway.functions())
            connector.update(triggers)
            _start_timers(triggers, connector, timers)
        except (aiohttp.ClientError, TimeoutError) as error:
            problems = [f"the provider does not answer: {type(error).__name__}"]
        if problems and problems != told:
            log.warning("not everything can be connected", extra={"problems": problems})
        told = problems
        await asyncio.sleep(every)


def _start_timers(triggers: dict[str, Trigger], connector: Connector, timers: Timers) -> None:
    # While another connector is at work its timers run.
    if connector.active.is_set():
        timers.update(triggers)


async def _until_signalled(parts: Iterable[asyncio.Task[None]]) -> None:
    """Wait for SIGTERM or SIGINT. Raises what ended a part, for without it the connector is none."""
    signalled = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, signalled.set)
    waiting = asyncio.create_task(signalled.wait())
    ended, _ = await asyncio.wait({waiting, *parts}, return_when=asyncio.FIRST_COMPLETED)
    for task in ended:
        task.result()


async def _cancel(parts: Iterable[asyncio.Task[None]]) -> None:
    for part in parts:
        part.cancel()
    await asyncio.gather(*parts, return_exceptions=True)


if __name__ == "__main__":
    main()
