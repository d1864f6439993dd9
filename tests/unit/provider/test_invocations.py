import asyncio

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from faas.provider import invocations
from faas.provider.invocations import Invocations


def test_the_calls_of_all_gateways_are_added_up_and_one_that_is_away_counts_as_it_did(monkeypatch):
    monkeypatch.setattr(invocations, "_FRESH", 0)

    def gateway(calls):
        async def load(_request):
            return web.json_response({"functions": {name: {"requests_total": n} for name, n in calls.items()}})

        app = web.Application()
        app.add_routes([web.get("/load", load)])
        return TestServer(app)

    async def story():
        async with gateway({"echo": 3, "pay": 1}) as first, aiohttp.ClientSession() as http:
            second = gateway({"echo": 4})
            await second.start_server()
            agents = [f"127.0.0.1:{first.port}", f"127.0.0.1:{second.port}"]
            counted = Invocations(http, agents=lambda: agents)
            before = await counted.counts()
            await second.close()
            return before, await counted.counts()

    assert asyncio.run(story()) == ({"echo": 7, "pay": 1}, {"echo": 7, "pay": 1})
