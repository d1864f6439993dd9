import asyncio
import json
import time

from faas.provider.swarm import Consumption


def looks(*cpu_seconds, memory=1000):
    begin = time.monotonic()
    return [Consumption(begin + number, seconds, memory) for number, seconds in enumerate(cpu_seconds)]


async def usage(live, path="/system/function/echo?usage=1"):
    answer = json.loads((await live.send("GET", path))[1])
    return (answer[0] if isinstance(answer, list) else answer).get("usage")


def test_usage_is_thousandths_of_a_core_and_bytes_of_all_replicas(run):
    async def story(live):
        await live.deploy(labels={"com.openfaas.scale.min": "2"})
        live.swarm.consumptions = {"c-echo-1": looks(5.0, 5.25), "c-echo-2": looks(1.0, 1.5)}
        return await usage(live), await usage(live, "/system/functions?usage=1")

    one, listed = run(story)
    assert one == {"cpu": 750.0, "totalMemoryBytes": 2000}
    assert listed == one


def test_nobody_waits_for_usage_who_did_not_ask(run):
    async def story(live):
        await live.deploy()
        return await usage(live, "/system/function/echo"), await usage(live, "/system/functions")

    assert run(story) == (None, None)


def test_usage_is_left_out_for_replicas_that_cannot_be_read(run):
    async def story(live):
        await live.deploy()
        gone = await usage(live)
        live.swarm.consumptions = {"c-echo-1": looks(1.0, 2.0)}

        async def elsewhere():
            return "there"

        live.swarm.node_id = elsewhere
        return gone, await usage(live)

    assert run(story) == (None, None)


def test_a_look_that_was_a_moment_ago_is_good_enough(run):
    async def story(live):
        await live.deploy()
        now = time.monotonic()
        live.swarm.consumptions = {"c-echo-1": [Consumption(now, 1.0, 10), Consumption(now + 0.5, 1.1, 10)]}
        first = await usage(live)
        return first, await asyncio.gather(*(usage(live) for _ in range(3)))

    first, again = run(story)
    assert round(first["cpu"]) == 200
    assert again == [first] * 3
