import asyncio
import json
import struct

import pytest
from aiohttp import web

from faas.provider.errors import BadRequest, Conflict, NotFound, Unavailable
from faas.provider.functions import replicas_of, with_replicas
from faas.provider.swarm import Swarm


@pytest.fixture
def docker(tmp_path):
    """Run a story against an engine that answers as the given routes do."""

    def play(story, **routes):
        async def whole():
            app = web.Application()
            app.router.add_get("/version", answering({"ApiVersion": "1.41"}))
            for method, (path, handler) in routes.items():
                app.router.add_route(method.partition("_")[0], f"/v1.41{path}", handler)
            runner = web.AppRunner(app)
            await runner.setup()
            await web.UnixSite(runner, f"{tmp_path}/docker.sock").start()
            swarm = Swarm(f"unix://{tmp_path}/docker.sock")
            try:
                return await story(swarm)
            finally:
                await swarm.close()
                await runner.cleanup()

        return asyncio.run(whole())

    return play


def answer(document, status=200):
    # Docker names no charset.
    return web.Response(body=json.dumps(document).encode(), status=status, content_type="application/json")


def answering(document, status=200):
    async def handler(_request):
        return answer(document, status)

    return handler


def refusal(status, message):
    return answering({"message": message}, status)


def test_an_update_that_came_too_late_is_made_again_on_the_new_spec(docker):
    service = {"Version": {"Index": 7}, "Spec": {"Name": "s", "Mode": {"Replicated": {"Replicas": 1}}}}

    async def update(request):
        if request.query["version"] == "7":
            service["Version"]["Index"] = 8
            service["Spec"]["Labels"] = {"by": "another"}
            return answer({"message": "rpc error: code = Unknown desc = update out of sequence"}, 500)
        service["Spec"] = await request.json()
        return answer({})

    async def story(swarm):
        return await swarm.update_service("s", lambda spec: with_replicas(spec, 3))

    assert docker(story, GET=("/services/s", answering(service)), POST=("/services/s/update", update))
    assert replicas_of(service["Spec"]) == 3
    assert service["Spec"]["Labels"] == {"by": "another"}


@pytest.mark.parametrize(
    ("status", "message", "error", "reason"),
    [
        (400, "rpc error: code = InvalidArgument desc = no good", BadRequest, "^no good$"),
        (404, "network x not found", NotFound, "network x"),
        (409, "rpc error: code = AlreadyExists desc = name conflicts", Conflict, "name conflicts"),
        (503, "This node is not a swarm manager.", Unavailable, "not a swarm manager"),
    ],
)
def test_what_docker_refuses_becomes_an_answer_with_its_reason(docker, status, message, error, reason):
    async def story(swarm):
        await swarm.create_service({"Name": "s"})

    with pytest.raises(error, match=reason):
        docker(story, POST=("/services/create", refusal(status, message)))


def test_a_secret_in_use_is_a_conflict(docker):
    async def story(swarm):
        await swarm.remove_secret("k")

    with pytest.raises(Conflict, match="in use"):
        docker(story, DELETE=("/secrets/k", refusal(400, "secret 'k' is in use by the following service: s")))


def test_an_engine_that_is_away_is_unavailable(tmp_path):

    async def story():
        swarm = Swarm(f"unix://{tmp_path}/docker.sock")
        try:
            await swarm.services(label="a=b")
        finally:
            await swarm.close()

    with pytest.raises(Unavailable):
        asyncio.run(story())


def test_an_image_that_is_not_there_has_no_id(docker):
    async def story(swarm):
        return await swarm.image_id("docker.io/some/image:1")

    assert docker(story, GET=("/images/docker.io/some/image:1/json", refusal(404, "no such image"))) is None


def test_log_lines_come_one_by_one_out_of_dockers_frames(docker):
    lines = [b"first\n", b"second, \xff\n", b""]

    async def handler(request):
        assert request.query["tail"] == "2"
        return web.Response(body=b"".join(struct.pack(">BxxxL", 1, len(line)) + line for line in lines))

    async def story(swarm):
        return [line async for line in swarm.logs("s", tail="2")]

    assert docker(story, GET=("/services/s/logs", handler)) == lines


def test_events_come_as_lines(docker):
    async def handler(request):
        assert json.loads(request.query["filters"])["type"] == ["service", "container"]
        return web.Response(text='{"Type": "service"}\n{"Type": "container"}\n')

    async def story(swarm):
        async with swarm.events() as events:
            return [json.loads(line)["Type"] async for line in events]

    assert docker(story, GET=("/events", handler)) == ["service", "container"]


def stats(**memory):
    return {"cpu_stats": {"cpu_usage": {"total_usage": 1_500_000_000}}, "memory_stats": memory}


@pytest.mark.parametrize("cached", ["inactive_file", "total_inactive_file"])
def test_what_a_container_uses_is_read_without_what_is_only_cached(docker, cached):
    async def handler(request):
        assert request.query["one-shot"] == "1"
        return answer(stats(usage=5000, stats={cached: 2000}))

    async def story(swarm):
        return await swarm.consumption("c")

    used = docker(story, GET=("/containers/c/stats", handler))
    assert (used.cpu_seconds, used.memory) == (1.5, 3000)


def test_a_container_that_has_ended_uses_nothing_that_could_be_told(docker):
    async def story(swarm):
        await swarm.consumption("c")

    with pytest.raises(NotFound):
        docker(story, GET=("/containers/c/stats", answering(stats())))


@pytest.mark.parametrize(
    ("handler", "killed"),
    [
        (answering({"State": {"OOMKilled": True}}), True),
        (answering({"State": {"OOMKilled": False}}), False),
        (refusal(404, "no such container"), False),
    ],
)
def test_only_a_container_of_this_node_is_known_to_have_lacked_memory(docker, handler, killed):
    async def story(swarm):
        return await swarm.was_out_of_memory("c")

    assert docker(story, GET=("/containers/c/json", handler)) is killed
