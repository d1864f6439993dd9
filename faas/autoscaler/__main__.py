"""Run the autoscaler: `python -m faas.autoscaler`."""

import asyncio
import signal

import aiohttp
from aiohttp import encode_basic_auth, hdrs, web

from faas import logs
from faas.autoscaler.functions import Provider
from faas.autoscaler.load import Gateways
from faas.autoscaler.loop import Autoscaler
from faas.autoscaler.metrics import Metrics
from faas.autoscaler.server import PORT, application
from faas.autoscaler.settings import Settings


async def serve(settings: Settings) -> None:
    """Scale until SIGTERM."""
    metrics = Metrics()
    headers = {hdrs.AUTHORIZATION: encode_basic_auth(settings.user, settings.password)}
    async with aiohttp.ClientSession(headers=headers) as api, aiohttp.ClientSession() as http:
        autoscaler = Autoscaler(Gateways(http, settings.gateways), Provider(api, settings.provider_url), metrics)
        runner = web.AppRunner(application(autoscaler, metrics), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, port=PORT).start()
        scaling = asyncio.create_task(autoscaler.run())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, scaling.cancel)
        await asyncio.wait([scaling])
        await runner.cleanup()
        if not scaling.cancelled():
            scaling.result()


if __name__ == "__main__":
    logs.start()
    asyncio.run(serve(Settings.from_environment()))
