"""A Swarm that lives in memory behind the same door, and a provider on it."""

import asyncio
import copy
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from faas.provider.api.apps import activator_app, gateway_app, provider_app
from faas.provider.errors import BadRequest, Conflict, NotFound
from faas.provider.provider import assemble
from faas.provider.settings import Settings

NETWORK = "shop_platform"
SETTINGS = Settings("shop", NETWORK, "admin", "secret", ready_timeout=2, confirm_timeout=0.3, gathering=0)
OPERATOR = {"Authorization": aiohttp.encode_basic_auth("admin", "secret")}


class FakeSwarm:
    """Services whose replicas run at once, unless `starts` says otherwise."""

    def __init__(self):
        self.stored, self.hidden, self.images = {}, {}, {"echo:latest": "sha256:e1"}
        self.nodes, self.registry = 1, {}
        self.starts = True
        self.pasts = {}
        """Tasks that ended, by function."""
        self.began = {}
        """Since when replicas run, by function."""
        self.words = {}
        """What each task wrote."""
        self.out_of_memory = set()
        """Containers that were killed for want of it."""
        self.consumptions = {}
        """Looks at a container, one after the other."""
        self.updates = 0
        self.lines = []
        self._ids = iter(range(1, 1000))
        self._clock = datetime(2026, 1, 2, tzinfo=UTC)

    def _new(self, spec):
        self._clock += timedelta(seconds=1)
        created = self._clock.isoformat().replace("+00:00", "Z")
        return {"ID": f"id{next(self._ids)}", "Version": {"Index": 1}, "CreatedAt": created, "Spec": spec}

    async def services(self, *, label):
        return [copy.deepcopy(each) for each in self.stored.values() if _has(each, label)]

    async def create_service(self, spec):
        if any(each["Spec"]["Name"] == spec["Name"] for each in self.stored.values()):
            raise Conflict("name conflicts with an existing object")
        service = self._new(copy.deepcopy(spec))
        self.stored[service["ID"]] = service

    async def update_service(self, service_id, change):
        if service_id not in self.stored:
            raise NotFound(f"service {service_id} not found")
        spec = change(copy.deepcopy(self.stored[service_id]["Spec"]))
        if spec is None:
            return False
        self.stored[service_id]["Spec"] = spec
        self.updates += 1
        return True

    async def remove_service(self, service_id):
        del self.stored[service_id]

    async def tasks(self, *, label):
        return [task for each in self.stored.values() if _has(each, label) for task in self._tasks(each)]

    def _tasks(self, service):
        state = {"State": "running"} if self.starts else {"State": "pending", "Err": "no suitable node (too small)"}
        name = service["Spec"]["Labels"].get("com.openfaas.function", service["Spec"]["Name"])
        mode = service["Spec"]["Mode"]
        slots = range(1, (mode["Replicated"]["Replicas"] if "Replicated" in mode else self.nodes) + 1)
        since = self.began.get(name, "2026-01-02T03:04:05.123456789Z")
        present = [_task(service, slot, id=f"{name}-{slot}", since=since, **state) for slot in slots]
        return [*self.pasts.get(name, ()), *present]

    def past(self, name, slot=1, *, container=None, exit_code=None, **status):
        """Let a function have a task that ended, and ran today's container unless another is given."""
        (service,) = [each for each in self.stored.values() if each["Spec"]["Name"] == f"shop_fn-{name}"]
        number = len(self.pasts.setdefault(name, []))
        task = _task(service, slot, id=f"past-{number}", since="2026-01-02T03:04:06Z", **status)
        task["DesiredState"] = "shutdown"
        task["Status"]["ContainerStatus"] = {"ContainerID": f"c-past-{number}", "ExitCode": exit_code}
        task["Spec"] = {"ContainerSpec": container or task["Spec"]["ContainerSpec"]}
        self.pasts[name].append(copy.deepcopy(task))

    async def task_logs(self, task_id, **options):
        for line in self.words.get(task_id, [])[-int(options["tail"]) :]:
            yield f"2026-01-02T03:04:05Z com.docker.swarm.task.id={task_id} {line}\n".encode()

    async def node_id(self):
        return "here"

    async def consumption(self, container_id):
        if not self.consumptions.get(container_id):
            raise NotFound("no such container")
        return self.consumptions[container_id].pop(0)

    async def was_out_of_memory(self, container_id):
        return container_id in self.out_of_memory

    async def node_count(self):
        return self.nodes

    async def image_digest(self, image):
        if image not in self.registry:
            raise NotFound("manifest unknown")
        return self.registry[image]

    async def image_id(self, image):
        return self.images.get(image)

    async def secrets(self, *, label):
        return [copy.deepcopy(each) for each in self.hidden.values() if _has(each, label)]

    async def create_secret(self, name, value, labels):
        secret = self._new({"Name": name, "Labels": dict(labels)})
        self.hidden[secret["ID"]] = secret | {"value": value}

    async def label_secret(self, secret, labels):
        self.hidden[secret["ID"]]["Spec"]["Labels"] = dict(labels)

    async def remove_secret(self, secret_id):
        if secret_id in json.dumps([each["Spec"]["TaskTemplate"] for each in self.stored.values()]):
            raise Conflict("the secret is in use")
        del self.hidden[secret_id]

    async def logs(self, service_id, **options):
        if service_id not in self.stored:
            raise NotFound("no such service")
        if "since" in options and float(options["since"]) < 0:
            raise BadRequest("since")
        for line in self.lines:
            yield line
        if "follow" in options:
            await asyncio.Event().wait()

    def replicas(self, name):
        (found,) = [each["Spec"] for each in self.stored.values() if each["Spec"]["Name"] == f"shop_fn-{name}"]
        return found["Mode"]["Replicated"]["Replicas"]

    def container(self, name):
        (found,) = [each["Spec"] for each in self.stored.values() if each["Spec"]["Name"] == f"shop_fn-{name}"]
        return found["TaskTemplate"]["ContainerSpec"]

    def values(self, name):
        return [each["value"] for each in self.hidden.values() if each["Spec"]["Labels"]["com.openfaas.secret"] == name]


def _task(service, slot, *, id, since, **status):
    return {
        "ID": id,
        "ServiceID": service["ID"],
        "Slot": slot,
        "NodeID": "here",
        "Status": {"Timestamp": since, "ContainerStatus": {"ContainerID": f"c-{id}"}, **status},
        "DesiredState": "running",
        "NetworksAttachments": [{"Network": {"Spec": {"Name": NETWORK}}, "Addresses": ["10.0.1.7/24"]}],
        "Spec": service["Spec"]["TaskTemplate"],
    }


def _has(thing, label):
    key, _, value = label.partition("=")
    return thing["Spec"]["Labels"].get(key) == value


class Live:
    """A provider that has seen its Swarm, with a client for each of its ports."""

    operator = OPERATOR

    def __init__(self, provider, swarm, api, gateway, activator, answers):
        self.provider, self.swarm, self.api, self.gateway, self.activator = provider, swarm, api, gateway, activator
        self.answers = answers
        """What the functions answer with; a test may replace `answers["handler"]`."""

    async def deploy(self, name="echo", **fields):
        return await self.send("POST", "/system/functions", {"service": name, "image": "echo:latest", **fields})

    async def send(self, method, path, body=None):
        response = await self.gateway.request(method, path, json=body, headers=OPERATOR)
        return response.status, await response.text()

    async def list(self):
        response = await self.api.get("/system/functions", headers=OPERATOR)
        return await response.json()

    async def function(self, name="echo"):
        response = await self.api.get(f"/system/function/{name}", headers=OPERATOR)
        return await response.json()

    async def poll(self, agent="a", have="", wait="0"):
        query = {"agent": agent, "have": have, "wait": wait}
        response = await self.api.get("/gateway/state", params=query, headers=OPERATOR)
        return await response.json()

    @asynccontextmanager
    async def agent(self, name="a"):
        """An agent that applies every version at once."""
        polling = asyncio.create_task(self._poll_for_ever(name))
        await asyncio.sleep(0.05)
        yield
        polling.cancel()

    async def _poll_for_ever(self, name):
        have = ""
        while True:
            have = (await self.poll(name, have, "5"))["version"]

    async def call(self, name="echo", path="/", method="GET", **arguments):
        return await self.activator.request(method, path, headers={"X-Function": name}, **arguments)


@asynccontextmanager
async def live_provider(folder):
    answers = {"handler": lambda _request: web.Response(text="hello")}

    async def function(request):
        if request.path == "/_/health":
            return web.Response()
        answer = answers["handler"](request)
        return await answer if asyncio.iscoroutine(answer) else answer

    functions = web.Application()
    functions.router.add_route("*", "/{path:(?s:.*)}", function)
    runner = web.AppRunner(functions)
    await runner.setup()
    # Every replica's address leads to this socket.
    await web.UnixSite(runner, str(folder / "functions.sock")).start()
    swarm = FakeSwarm()

    async def probe(_function, _address):
        return swarm.starts

    connector = aiohttp.UnixConnector(str(folder / "functions.sock"), limit=0)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as http:
        provider = assemble(SETTINGS, swarm=swarm, http=http, probe=probe)
        await provider.view.refresh()
        apps = provider_app(provider), gateway_app(provider), activator_app(provider)
        clients = [TestClient(TestServer(app)) for app in apps]
        for client in clients:
            await client.start_server()
        yield Live(provider, swarm, *clients, answers)
        provider.state.close()
        for client in clients:
            await client.close()
    await runner.cleanup()


@pytest.fixture
def run(tmp_path):
    """Run an asynchronous story with a live provider of its own."""

    def play(story):
        async def whole():
            async with live_provider(tmp_path) as live:
                return await story(live)

        return asyncio.run(whole())

    return play
