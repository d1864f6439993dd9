import json

import pytest


def test_a_deployed_function_is_listed_at_once(run):
    async def story(live):
        status, _ = await live.deploy(annotations={"topic": "a"})
        return status, await live.list()

    status, (function,) = run(story)
    assert status == 202
    assert function["name"] == "echo"
    assert function["image"] == "echo:latest"
    assert function["annotations"] == {"topic": "a"}
    assert (function["replicas"], function["availableReplicas"]) == (1, 1)


def test_the_image_is_started_by_its_id(run):
    async def story(live):
        await live.deploy()
        return live.swarm.container("echo")["Image"]

    assert run(story) == "sha256:e1"


@pytest.mark.parametrize("image", ["registry.example:5000/echo:1", f"echo@sha256:{'0' * 64}"])
def test_an_image_of_a_registry_or_with_a_digest_is_left_as_it_is(run, image):
    async def story(live):
        assert (await live.deploy(image=image))[0] == 202
        return live.swarm.container("echo")["Image"]

    assert run(story) == image


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"image": "missing:latest"}, "build it first"),
        ({"secrets": ["db"]}, "secret db does not exist"),
        ({"limits": {"memory": "1Mi"}}, "limits.memory"),
        ({"annotations": {"http.route": "GET /books"}}, "/api/"),
        ({"service": "x" * 60}, "63 characters"),
        ({"service": "a.b"}, "is no name"),
        ({"labels": {"com.openfaas.scale.min": "x"}}, "com.openfaas.scale.min"),
    ],
)
def test_a_deployment_that_cannot_work_is_400_with_the_reason(run, fields, reason):
    async def story(live):
        return await live.send("POST", "/system/functions", {"service": "echo", "image": "echo:latest", **fields})

    status, text = run(story)
    assert status == 400
    assert reason in text


def test_no_answer_has_a_percent_sign_which_faas_cli_garbles(run):
    async def story(live):
        return await live.deploy(annotations={"http.rate-limit": "5%"})

    status, text = run(story)
    assert status == 400
    assert "%" not in text


def test_a_route_that_another_function_has_is_400_naming_it(run):
    async def story(live):
        await live.deploy("get-book", annotations={"http.route": "GET /api/books/{id}"})
        other = await live.deploy("other", annotations={"http.route": "GET /api/books/{book}"})
        own = await live.send(
            "PUT",
            "/system/functions",
            {"service": "get-book", "image": "echo:latest", "annotations": {"http.route": "GET /api/books/{x}"}},
        )
        return other, own[0]

    (status, text), own = run(story)
    assert status == 400
    assert "get-book" in text
    assert own == 202


def test_deploying_what_is_deployed_is_409_and_updating_what_is_not_is_404(run):
    async def story(live):
        await live.deploy()
        again = await live.deploy()
        unknown = await live.send("PUT", "/system/functions", {"service": "other", "image": "echo:latest"})
        return again[0], unknown[0]

    assert run(story) == (409, 404)


def test_an_update_keeps_the_replicas_and_clears_what_is_no_longer_sent(run):
    async def story(live):
        await live.deploy(envVars={"color": "blue"})
        await live.send("POST", "/system/scale-function/echo", {"replicas": 3})
        await live.send("PUT", "/system/functions", {"service": "echo", "image": "echo:latest"})
        return live.swarm.replicas("echo"), live.swarm.container("echo")["Env"]

    assert run(story) == (3, ["OPENFAAS_NAME=echo"])


def test_an_unchanged_update_changes_nothing(run):
    async def story(live):
        await live.deploy(envVars={"a": "1"})
        same = {"service": "echo", "image": "echo:latest", "envVars": {"a": "1"}, "labels": {}}
        status, _ = await live.send("PUT", "/system/functions", same)
        return status, live.swarm.updates

    assert run(story) == (202, 0)


def test_the_same_name_with_another_image_behind_it_is_an_update(run):
    async def story(live):
        await live.deploy()
        live.swarm.images["echo:latest"] = "sha256:e2"
        await live.send("PUT", "/system/functions", {"service": "echo", "image": "echo:latest"})
        return live.swarm.container("echo")["Image"]

    assert run(story) == "sha256:e2"


def test_a_removed_function_is_gone(run):
    async def story(live):
        await live.deploy()
        statuses = [
            (await live.send("DELETE", "/system/functions", {"functionName": name}))[0] for name in ("echo", "echo", "")
        ]
        return statuses, await live.list()

    assert run(story) == ([202, 404, 400], [])


def test_functions_of_another_stack_are_not_seen(run):
    async def story(live):
        await live.deploy()
        (service,) = live.swarm.stored.values()
        service["Spec"]["Labels"]["com.openfaas.stack"] = "other"
        await live.provider.view.refresh()
        return await live.list()

    assert run(story) == []


def test_a_service_that_cannot_be_read_hides_no_other(run):
    async def story(live):
        await live.deploy()
        await live.deploy("broken")
        for service in live.swarm.stored.values():
            if "broken" in service["Spec"]["Name"]:
                service["Spec"]["Labels"]["com.openfaas.deployment"] = "{"
        await live.provider.view.refresh()
        return [function["name"] for function in await live.list()]

    assert run(story) == ["echo"]


def test_logs_are_a_json_document_a_line(run):
    async def story(live):
        await live.deploy()
        live.swarm.lines = [b"2026-01-02T03:04:05Z com.docker.swarm.task.id=abcdefghijklmno hello there\n"]
        known = await live.gateway.get("/system/logs?name=echo&follow=false&tail=-1", headers=live.operator)
        others = [(await live.send("GET", f"/system/logs?name={query}"))[0] for query in ("nobody", "", "echo&tail=x")]
        return known.content_type, json.loads(await known.text()), others

    content_type, message, others = run(story)
    assert content_type == "application/x-ndjson"
    assert message == {
        "name": "echo",
        "namespace": "openfaas-fn",
        "instance": "abcdefghijkl",
        "timestamp": "2026-01-02T03:04:05Z",
        "text": "hello there",
    }
    assert others == [404, 422, 422]


def test_what_is_protected_asks_for_credentials_as_upstream_does(run):
    async def story(live):
        answer = await live.gateway.get("/system/functions")
        wrong = await live.gateway.get("/system/info", headers={"Authorization": "Bearer "})
        state = await live.api.get("/gateway/state?agent=a")
        return answer.status, answer.headers["WWW-Authenticate"], await answer.text(), wrong.status, state.status

    assert run(story) == (401, 'Basic realm="Restricted"', "invalid credentials", 401, 401)


def test_a_wrong_method_is_405_and_an_unknown_path_404_before_credentials(run):
    async def story(live):
        wrong = await live.gateway.patch("/system/functions")
        unknown = await live.gateway.get("/system/nothing")
        return wrong.status, await wrong.text(), "Allow" in wrong.headers, unknown.status, await unknown.text()

    assert run(story) == (405, "", False, 404, "404 page not found\n")


def test_health_needs_no_credentials(run):
    async def story(live):
        gateway = [(await live.gateway.request(method, "/healthz")).status for method in ("GET", "HEAD", "POST")]
        return gateway, [(await live.api.request(method, "/healthz")).status for method in ("GET", "HEAD")]

    assert run(story) == ([200, 405, 405], [200, 200])


def test_info_is_flat_for_gateways_and_nested_for_people(run):
    async def story(live):
        flat = await (await live.api.get("/system/info", headers=live.operator)).json()
        return flat, json.loads((await live.send("GET", "/system/info"))[1])

    flat, nested = run(story)
    assert flat["orchestration"] == "swarm"
    assert flat["version"]["release"]
    assert flat["version"]["sha"]
    assert nested["provider"] == flat
    assert nested["version"]["sha"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/system/namespaces", 200),
        ("GET", "/system/namespace/openfaas-fn", 200),
        ("GET", "/system/namespace/other", 404),
        ("POST", "/system/namespace/", 501),
        ("PUT", "/system/namespace/other", 501),
        ("DELETE", "/system/namespace/openfaas-fn", 501),
        ("HEAD", "/system/functions", 405),
        ("POST", "/system/alert", 400),
        ("POST", "/system/rollback/nobody", 404),
        ("GET", "/system/rollback/nobody", 405),
        ("POST", "/async-function/echo", 501),
        ("GET", "/system/functions?namespace=other", 400),
        ("GET", "/system/function/nobody", 404),
    ],
)
def test_each_remaining_route_says_what_it_does_not_offer(run, method, path, status):
    async def story(live):
        return await live.send(method, path)

    answered, text = run(story)
    assert answered == status
    assert text or status == 405


def test_the_long_poll_tells_the_functions_and_checks_its_parameters(run):
    async def story(live):
        await live.deploy(annotations={"http.route": "GET /api/echo/{id}"})
        bad = await live.api.get("/gateway/state?agent=a&wait=long", headers=live.operator)
        return await live.poll(), bad.status

    state, bad = run(story)
    (function,) = state["functions"]
    assert function["service"] == "shop_fn-echo"
    assert function["routes"] == [{"method": "GET", "path": "/api/echo/{id}"}]
    assert bad == 400
