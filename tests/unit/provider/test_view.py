import asyncio
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from faas.provider.errors import Unavailable
from faas.provider.view import View


class Engine:
    """An engine that is away at first, and then tells of one service."""

    def __init__(self):
        self.attempts = 0
        self.asked = 0
        self.lines = asyncio.Queue()

    @asynccontextmanager
    async def events(self):
        self.attempts += 1
        if self.attempts == 1:
            raise Unavailable("Docker cannot be reached")
        yield self._told()

    async def _told(self):
        while True:
            yield await self.lines.get()

    async def services(self, *, label):
        self.asked += 1
        return []

    async def tasks(self, *, label):
        return []


def event(kind, **attributes):
    return json.dumps({"Type": kind, "Actor": {"Attributes": attributes}}).encode()


def test_the_view_outlives_an_absence_of_the_engine_and_follows_its_own_services_only():
    async def story():
        engine = Engine()
        view = View(engine, stack="shop", network="net")
        running = asyncio.create_task(view.run())
        await asyncio.wait_for(view.loaded.wait(), 3)
        asked = [engine.asked]
        for service in ("other_fn-echo", "shop_fn-echo"):
            engine.lines.put_nowait(event("service", name=service))
            await asyncio.sleep(0.02)
            asked.append(engine.asked)
        running.cancel()
        return asked

    assert asyncio.run(story()) == [1, 1, 2]


def test_only_what_has_run_for_a_while_counts_as_serving_when_the_provider_starts(run):
    async def story(live):
        await live.deploy("old")
        await live.deploy("new")
        begun = datetime.now(UTC).isoformat()
        live.swarm.began = {"new": begun}
        await live.provider.view.replicas(max_age=0)
        return live.provider.view.serving()

    assert run(story) == {"old"}
