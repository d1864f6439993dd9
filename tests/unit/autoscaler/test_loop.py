import asyncio
import json
import logging
from contextlib import suppress

import pytest

from faas.autoscaler.functions import Function, ProviderError, Superseded
from faas.autoscaler.history import Look, Sample
from faas.autoscaler.load import Blind
from faas.autoscaler.loop import Autoscaler
from faas.autoscaler.metrics import Metrics
from faas.logs import JsonLines


class Platform:
    """Gateways and provider in one: load that a test sets, functions that are scaled at once."""

    def __init__(self):
        self.now = 0.0
        self.rates = {}
        self.requests = {}
        self.replicas = {"echo": 1}
        self.labels = {"com.openfaas.scale.down.window": "10s"}
        self.scaled = []
        self.blind = False
        self.refuses = False
        self.operator = None

    async def look(self):
        if self.blind:
            raise Blind("no gateway answers")
        return {"a": Look(self.now, {name: Sample(0, 0, count) for name, count in self.requests.items()})}

    async def functions(self):
        return [Function(name, replicas, self.labels) for name, replicas in self.replicas.items()]

    async def scale(self, function, replicas):
        if self.refuses:
            raise ProviderError("503: no gateway confirmed")
        if self.operator is not None:
            self.replicas[function.name], self.operator = self.operator, None
        if self.replicas[function.name] != function.replicas:
            raise Superseded(f"{function.name} has others by now")
        self.replicas[function.name] = replicas
        self.scaled.append((function.name, replicas))

    async def live(self, autoscaler, seconds):
        for _ in range(seconds // 2):
            self.now += 2
            for name, rate in self.rates.items():
                self.requests[name] = self.requests.get(name, 0) + 2 * rate
            with suppress(Blind):
                await autoscaler.step()
            await asyncio.sleep(0)
            await asyncio.sleep(0)


@pytest.fixture
def platform():
    return Platform()


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
def autoscaler(platform, metrics):
    return Autoscaler(platform, platform, metrics, clock=lambda: platform.now)


def test_a_function_grows_with_its_load_and_shrinks_after_it(platform, autoscaler):
    async def story():
        await platform.live(autoscaler, 6)
        platform.rates["echo"] = 20
        await platform.live(autoscaler, 10)
        assert platform.replicas["echo"] == 4
        platform.rates["echo"] = 0
        await platform.live(autoscaler, 20)

    asyncio.run(story())
    assert platform.replicas["echo"] == 1
    assert max(replicas for _, replicas in platform.scaled) == 4


def test_without_sight_of_the_load_everything_keeps_what_it_has(platform, autoscaler):
    async def story():
        platform.rates["echo"] = 20
        await platform.live(autoscaler, 10)
        platform.blind, platform.rates["echo"] = True, 0
        await platform.live(autoscaler, 120)

    asyncio.run(story())
    assert platform.replicas["echo"] == 4


def test_a_scaling_that_is_refused_is_counted_and_tried_again(platform, autoscaler, metrics):
    async def story():
        platform.refuses, platform.rates["echo"] = True, 20
        await platform.live(autoscaler, 8)
        assert metrics.registry.get_sample_value("autoscaler_failures_total", {"function_name": "echo"}) >= 2
        platform.refuses = False
        await platform.live(autoscaler, 4)

    asyncio.run(story())
    assert platform.replicas["echo"] == 4


def test_what_an_operator_sets_meanwhile_is_no_failure_and_stays(platform, autoscaler, metrics):
    async def story():
        await platform.live(autoscaler, 6)
        platform.rates["echo"], platform.operator = 20, 0
        await platform.live(autoscaler, 10)

    asyncio.run(story())
    assert (platform.replicas["echo"], platform.scaled) == (0, [])
    assert list(autoscaler.changes) == []
    assert metrics.registry.get_sample_value("autoscaler_failures_total", {"function_name": "echo"}) is None


def test_a_function_with_bad_labels_scales_by_the_defaults_and_says_so_once(platform, autoscaler, caplog):
    platform.labels = {"com.openfaas.scale.target": "lots"}
    platform.rates["echo"] = 20
    with caplog.at_level(logging.WARNING):
        asyncio.run(platform.live(autoscaler, 12))
    assert platform.replicas["echo"] == 4
    assert [record.function for record in caplog.records] == ["echo"]


def test_a_function_scaled_by_cpu_is_left_alone_with_one_line_in_the_log(platform, autoscaler, caplog):
    platform.labels = {"com.openfaas.scale.type": "cpu"}
    platform.rates["echo"] = 500
    with caplog.at_level(logging.WARNING):
        asyncio.run(platform.live(autoscaler, 12))
    assert platform.scaled == []
    assert ["cpu" in record.reason for record in caplog.records] == [True]


def test_every_scaling_is_told_with_what_it_was_decided_from(platform, autoscaler, caplog):
    platform.rates["echo"] = 20
    with caplog.at_level(logging.INFO):
        asyncio.run(platform.live(autoscaler, 6))
    change = autoscaler.changes[0]
    assert (change["function"], change["from"], change["to"], change["reason"]) == ("echo", 1, 4, "load")
    assert change["load"]["rps"] == 20
    line = json.loads(JsonLines().format(caplog.records[0]))
    assert (line["to"], line["policy"]["target"]) == (4, 5.0)


def test_the_metrics_name_the_wish_and_its_reason(platform, autoscaler, metrics):
    platform.rates["echo"] = 1000
    asyncio.run(platform.live(autoscaler, 6))
    value, echo = metrics.registry.get_sample_value, {"function_name": "echo"}
    assert value("autoscaler_desired_replicas", echo) == 20
    assert value("autoscaler_recommended_replicas", echo) == 200
    assert value("autoscaler_reason", {**echo, "reason": "maximum"}) == 1


def test_the_figures_of_a_removed_function_vanish(platform, autoscaler, metrics):
    async def story():
        await platform.live(autoscaler, 6)
        del platform.replicas["echo"]
        await platform.live(autoscaler, 2)

    asyncio.run(story())
    assert metrics.registry.get_sample_value("autoscaler_desired_replicas", {"function_name": "echo"}) is None


def test_what_is_thought_of_each_function_is_told_while_the_load_is_seen(platform, autoscaler):
    async def story():
        platform.rates["echo"] = 20
        await platform.live(autoscaler, 6)
        seen = dict(autoscaler.verdicts)
        del platform.replicas["echo"]
        await platform.live(autoscaler, 2)
        return seen

    verdict = asyncio.run(story())["echo"]
    assert (verdict["replicas"], verdict["reason"], verdict["load"]["rps"]) == (4, "load", 20)
    assert autoscaler.verdicts == {}


def test_it_knows_from_when_on_its_memory_of_scalings_is_whole(platform, autoscaler):
    assert autoscaler.remembers_since == 0
    autoscaler.changes.extend({"at": at} for at in range(5, 300))
    assert autoscaler.remembers_since == 100
