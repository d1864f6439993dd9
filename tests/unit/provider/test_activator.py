import asyncio

from aiohttp import web

SLEEPING = {"labels": {"com.openfaas.scale.min": "1"}}


async def put_to_sleep(live, name="echo", **fields):
    await live.deploy(name, **fields)
    async with live.agent():
        status, text = await live.send("POST", f"/system/scale-function/{name}", {"replicas": 0})
        assert status == 202, text


def test_fifty_first_calls_at_once_all_succeed_with_one_scaling(run):
    async def story(live):
        await put_to_sleep(live)
        before = live.swarm.updates
        answers = await asyncio.gather(*(live.call() for _ in range(50)))
        return {answer.status for answer in answers}, live.swarm.updates - before, live.swarm.replicas("echo")

    assert run(story) == ({200}, 1, 1)


def test_a_path_wakes_a_function_whatever_is_in_it(run):
    async def story(live):
        await put_to_sleep(live)
        answer = await live.call(path="/a%0Ab/c")
        return answer.status, await answer.text()

    assert run(story) == (200, "hello")


def test_waking_starts_the_minimum(run):
    async def story(live):
        await put_to_sleep(live, labels={"com.openfaas.scale.min": "3"})
        await live.call()
        return live.swarm.replicas("echo")

    assert run(story) == 3


def test_a_woken_function_is_marked_warm_after_a_replica_answered(run):
    async def story(live):
        await put_to_sleep(live)
        live.swarm.starts = False
        calling = asyncio.create_task(live.call())
        await asyncio.sleep(0.3)
        assert live.provider.state.is_cold("echo")
        live.swarm.starts = True
        status = (await calling).status
        await asyncio.sleep(0.2)
        return status, live.provider.state.is_cold("echo")

    assert run(story) == (200, False)


def test_no_more_calls_at_once_reach_a_replica_than_it_takes(run):
    async def story(live):
        at_once = most = 0

        async def slow(_request):
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0.02)
            at_once -= 1
            return web.Response()

        live.answers["handler"] = slow
        await put_to_sleep(live, envVars={"max_inflight": "3"})
        await asyncio.gather(*(live.call() for _ in range(12)))
        return most

    assert run(story) == 3


def test_a_function_that_does_not_become_ready_is_503_with_the_reason(run):
    async def story(live):
        await put_to_sleep(live)
        live.swarm.starts = False
        answer = await live.call()
        return answer.status, answer.headers["Retry-After"], answer.content_type, await answer.json()

    status, retry_after, content_type, problem = run(story)
    assert (status, retry_after, content_type) == (503, "2", "application/problem+json")
    assert "function echo" in problem["detail"]
    assert "no node can take it: too small" in problem["detail"]


def test_an_unknown_function_is_404_in_the_words_of_upstream(run):
    async def story(live):
        answer = await live.call("nobody")
        return answer.status, (await answer.json())["detail"]

    status, detail = run(story)
    assert status == 404
    assert detail.startswith("error finding function nobody.openfaas-fn")


def test_method_path_query_headers_and_body_pass_through(run):
    async def story(live):
        async def echo(request):
            body = await request.text()
            seen = {
                "method": request.method,
                "path": request.raw_path,
                "body": body,
                "id": request.headers["X-Call-Id"],
            }
            return web.json_response(seen | {"internal": "X-Function" in request.headers}, status=201)

        live.answers["handler"] = echo
        await live.deploy()
        headers = {"X-Function": "echo", "X-Call-Id": "c1"}
        answer = await live.activator.put("/a%2Fb/c?q=1&q=%20", data="text", headers=headers)
        return answer.status, await answer.json()

    status, seen = run(story)
    assert status == 201
    assert seen == {"method": "PUT", "path": "/a%2Fb/c?q=1&q=%20", "body": "text", "id": "c1", "internal": False}


def test_redirects_are_passed_back_and_not_followed(run):
    async def story(live):
        def redirect(_request):
            return web.Response(status=302, headers={"Location": "/elsewhere"})

        live.answers["handler"] = redirect
        await live.deploy()
        answer = await live.call(allow_redirects=False)
        return answer.status, answer.headers["Location"]

    assert run(story) == (302, "/elsewhere")


def test_a_large_chunked_body_passes_both_ways(run):
    async def story(live):
        async def mirror(request):
            return web.Response(body=await request.read())

        async def chunks():
            for _ in range(30):
                yield b"x" * 10_000

        live.answers["handler"] = mirror
        await live.deploy()
        answer = await live.call(method="POST", data=chunks())
        return len(await answer.read())

    assert run(story) == 300_000


def test_activations_are_counted_by_function(run):
    async def story(live):
        await live.deploy()
        for _ in range(3):
            await live.call()
        answer = await live.api.get("/gateway/activations", headers=live.operator)
        return await answer.json()

    assert run(story) == {"functions": {"echo": {"in_flight": 0, "requests_total": 3}}}


def test_a_cold_start_is_measured(run):
    async def story(live):
        await put_to_sleep(live)
        await live.call()
        return await (await live.api.get("/metrics")).text()

    metrics = run(story)
    assert 'gateway_function_cold_start_seconds_count{function_name="echo.openfaas-fn"} 1.0' in metrics
    assert 'gateway_service_count{function_name="echo.openfaas-fn"} 1.0' in metrics


def test_a_function_the_gateway_does_not_know_yet_is_called_all_the_same(run):
    async def story(live):
        def path(request):
            return web.Response(text=request.raw_path)

        live.answers["handler"] = path
        await live.deploy()
        paths = ["/function/echo", "/function/echo.openfaas-fn/", "/function/echo/a/b?x=1"]
        answers = [await live.gateway.post(path) for path in paths]
        return [await answer.text() for answer in answers], {answer.headers["X-Function"] for answer in answers}

    assert run(story) == (["/", "/", "/a/b?x=1"], {"echo"})


def test_only_functions_that_exist_are_named_to_the_gateway_for_counting(run):
    async def story(live):
        unknown = await live.gateway.post("/function/nobody.openfaas-fn")
        return unknown.status, "X-Function" in unknown.headers, await unknown.json()

    status, named, problem = run(story)
    assert (status, named) == (404, False)
    assert "nobody.openfaas-fn" in problem["detail"]
