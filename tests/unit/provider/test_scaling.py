import asyncio


def scale(live, replicas, name="echo", **more):
    return live.send("POST", f"/system/scale-function/{name}", {"serviceName": name, "replicas": replicas, **more})


def test_a_function_begins_with_its_minimum_and_is_never_limited_below_its_maximum(run):
    async def story(live):
        await live.deploy(labels={"com.openfaas.scale.min": "2", "com.openfaas.scale.max": "4"})
        begin = live.swarm.replicas("echo")
        await scale(live, 40)
        return begin, live.swarm.replicas("echo")

    assert run(story) == (2, 4)


def test_fewer_than_the_minimum_and_more_than_twenty_are_allowed(run):
    async def story(live):
        await live.deploy(labels={"com.openfaas.scale.min": "2"})
        counts = []
        for wanted in (1, 50):
            assert (await scale(live, wanted))[0] == 202
            counts.append((await live.function())["replicas"])
        return counts

    assert run(story) == [1, 50]


def test_zero_is_reached_once_the_gateways_know(run):
    async def story(live):
        await live.deploy()
        async with live.agent():
            status, _ = await scale(live, 0)
        return (
            status,
            live.swarm.replicas("echo"),
            (await live.function())["replicas"],
            live.provider.state.is_cold("echo"),
        )

    assert run(story) == (202, 0, 0, True)


def test_zero_is_refused_while_no_gateway_is_connected(run):
    async def story(live):
        await live.deploy()
        await asyncio.sleep(0.2)
        answer = await scale(live, 0)
        return answer, live.swarm.replicas("echo"), live.provider.state.is_cold("echo")

    (status, text), replicas, cold = run(story)
    assert status == 503
    assert "no gateway is connected" in text
    assert (replicas, cold) == (1, False)


def test_zero_is_refused_when_a_gateway_does_not_confirm(run):
    async def story(live):
        await live.deploy()
        await asyncio.sleep(0.2)
        await live.poll("stuck")
        answer = await scale(live, 0)
        return answer, live.swarm.replicas("echo"), live.provider.state.is_cold("echo")

    (status, text), replicas, cold = run(story)
    assert status == 503
    assert "stuck" in text
    assert (replicas, cold) == (1, False)


def test_a_scale_call_without_a_number_or_for_nobody_is_refused(run):
    async def story(live):
        await live.deploy()
        bodies = [{}, {"replicas": -1}, {"replicas": "2"}]
        refused = [(await live.send("POST", "/system/scale-function/echo", body))[0] for body in bodies]
        return [*refused, (await scale(live, 1, name="nobody"))[0], live.swarm.replicas("echo")]

    assert run(story) == [400, 400, 400, 404, 1]


def test_what_was_decided_of_another_number_of_replicas_is_refused(run):
    async def story(live):
        await live.deploy()
        async with live.agent():
            asleep, woken = await asyncio.gather(scale(live, 0), scale(live, 2, observed=1))
        return asleep[0], woken, live.swarm.replicas("echo"), (await scale(live, 2, observed=0))[0]

    assert run(story) == (202, (409, "echo has 0 replicas by now, not 1"), 0, 202)


def test_scaling_to_what_it_has_changes_nothing(run):
    async def story(live):
        await live.deploy()
        await scale(live, 1)
        return live.swarm.updates

    assert run(story) == 0


def test_a_function_that_is_removed_before_the_view_knows_is_404_by_its_name(run):
    async def story(live):
        await live.deploy()
        live.swarm.stored.clear()
        return await scale(live, 2), await live.send(
            "PUT", "/system/functions", {"service": "echo", "image": "echo:latest"}
        )

    scaled, updated = run(story)
    assert scaled == updated == (404, "function echo is not deployed any more")
