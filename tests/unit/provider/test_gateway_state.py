import asyncio
import json

import pytest

from faas.provider.bodies import read_body
from faas.provider.deployment import Deployment
from faas.provider.errors import Unavailable
from faas.provider.functions import Function
from faas.provider.gateway_state import GatewayState


def function(name="echo", replicas=1, service_id="1"):
    deployment = read_body(Deployment, json.dumps({"service": name, "image": "i"}))
    return Function(service_id, f"shop_fn-{name}", deployment, replicas, "2026-01-02T03:04:05Z", "d", {})


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


async def poll(state, have="", wait=0.0, agent="a"):
    return await state.poll(agent, address="10.0.0.9", have=have, wait=wait)


def cold(answer):
    return {entry["name"] for entry in answer["functions"] if entry["cold"]}


def test_an_agent_that_has_another_version_is_answered_at_once():
    async def story():
        state = GatewayState()
        state.publish([function()], warm={"echo"})
        return await asyncio.wait_for(poll(state, have="older", wait=25), 1), state.version

    answer, version = asyncio.run(story())
    assert answer["version"] == version
    assert [entry["service"] for entry in answer["functions"]] == ["shop_fn-echo"]


def test_an_agent_that_has_the_version_is_answered_when_it_changes():
    async def story():
        state = GatewayState()
        state.publish([function()], warm={"echo"})
        polling = asyncio.create_task(poll(state, have=state.version, wait=25))
        await asyncio.sleep(0.01)
        assert not polling.done()
        state.publish([function(), function("other")])
        return await asyncio.wait_for(polling, 1)

    assert [entry["name"] for entry in asyncio.run(story())["functions"]] == ["echo", "other"]


def test_nothing_new_gives_the_same_version_after_the_wait():
    async def story():
        state = GatewayState()
        state.publish([function()], warm={"echo"})
        before = state.version
        state.publish([function()])
        return before, (await poll(state, have=before, wait=0.02))["version"]

    before, after = asyncio.run(story())
    assert before == after


def test_polls_end_when_the_provider_stops():
    async def story():
        state = GatewayState()
        polling = asyncio.create_task(poll(state, have=state.version, wait=25))
        await asyncio.sleep(0.01)
        state.close()
        await asyncio.wait_for(polling, 1)

    asyncio.run(story())


def test_functions_that_run_when_the_provider_starts_are_warm_and_new_ones_cold():
    async def story():
        state = GatewayState()
        state.publish([function("old"), function("asleep", replicas=0)], warm={"old"})
        state.publish([function("old"), function("asleep", replicas=0), function("new")])
        return cold(await poll(state))

    assert asyncio.run(story()) == {"asleep", "new"}


def test_a_function_deployed_again_under_its_name_is_cold():
    async def story():
        state = GatewayState()
        state.publish([function(service_id="1")], warm={"echo"})
        state.publish([function(service_id="2")])
        return cold(await poll(state))

    assert asyncio.run(story()) == {"echo"}


def test_a_function_without_replicas_cannot_be_warm():
    async def story():
        state = GatewayState()
        state.publish([function(replicas=0)])
        state.mark_warm("echo")
        return cold(await poll(state))

    assert asyncio.run(story()) == {"echo"}


def test_agents_are_told_which_functions_have_no_replicas_to_look_for():
    async def story():
        state = GatewayState()
        state.publish([function(replicas=0), function("other", service_id="2")])
        return {entry["name"]: entry["asleep"] for entry in (await poll(state))["functions"]}

    assert asyncio.run(story()) == {"echo": True, "other": False}


def test_a_cold_mark_is_confirmed_by_the_next_poll_that_has_it():
    async def story():
        state = GatewayState()
        state.publish([function()], warm={"echo"})
        await poll(state, have=state.version)
        number = state.mark_cold("echo")
        waiting = asyncio.create_task(state.confirmed(number, within=5))
        answer = await poll(state, have="older")
        await asyncio.sleep(0.01)
        assert not waiting.done(), "being told is not yet having applied it"
        await poll(state, have=answer["version"])
        await asyncio.wait_for(waiting, 1)

    asyncio.run(story())


def test_every_live_agent_has_to_confirm():
    async def story():
        state = GatewayState()
        state.publish([function()], warm={"echo"})
        await poll(state, have=state.version, agent="slow")
        number = state.mark_cold("echo")
        await poll(state, have=state.version, agent="quick")
        await state.confirmed(number, within=0.02)

    with pytest.raises(Unavailable, match="slow"):
        asyncio.run(story())


def test_an_agent_that_no_longer_polls_need_not_confirm():
    async def story():
        clock = Clock()
        state = GatewayState(clock)
        state.publish([function()], warm={"echo"})
        await poll(state, have=state.version, agent="gone")
        clock.now = 60
        number = state.mark_cold("echo")
        await poll(state, have=state.version, agent="here")
        await state.confirmed(number, within=1)

    asyncio.run(story())


def test_without_any_agent_nothing_is_confirmed():
    async def story():
        state = GatewayState()
        await state.confirmed(state.mark_cold("echo"), within=0.02)

    with pytest.raises(Unavailable, match="no gateway"):
        asyncio.run(story())


def test_a_gateway_that_is_still_on_its_way_to_a_new_provider_is_waited_for():
    async def story():
        state = GatewayState(gathering=0.2)
        state.publish([function()], warm={"echo"})
        await poll(state, have=state.version, agent="first")
        confirming = asyncio.create_task(state.confirmed(state.mark_cold("echo"), within=2))
        await poll(state, have=state.version, agent="first")
        await asyncio.sleep(0.1)
        await poll(state, agent="second")
        await asyncio.sleep(0.2)
        waits = not confirming.done()
        await poll(state, have=state.version, agent="second")
        await asyncio.wait_for(confirming, 1)
        return waits

    assert asyncio.run(story())


def test_the_version_of_an_earlier_provider_confirms_nothing():
    async def story():
        state = GatewayState()
        await poll(state, have=f"otherlife.{10**6}")
        await state.confirmed(state.mark_cold("echo"), within=0.02)

    with pytest.raises(Unavailable, match="did not confirm"):
        asyncio.run(story())
