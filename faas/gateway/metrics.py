"""The gateway's figures for Prometheus, with upstream's names where upstream has them."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from faas.gateway.agent import Agent
from faas.gateway.configuration import NAMESPACE
from faas.gateway.counters import Counters
from faas.gateway.workers import Workers


class GatewayCollector(Collector):
    """Reads counters and agent at every scrape."""

    def __init__(self, counters: Counters, agent: Agent, workers: Workers) -> None:
        """They are read, never changed."""
        self._counters, self._agent, self._workers = counters, agent, workers

    def collect(self) -> Iterator[Metric]:
        """Give all metrics."""
        yield from self._calls()
        yield from self._load()
        yield from self._condition()

    def _calls(self) -> Iterator[Metric]:
        total = CounterMetricFamily("gateway_function_invocation", "Answered calls.", labels=["function_name", "code"])
        # Upstream's name for it does not end in _total, which a counter family would add.
        started = Metric("gateway_function_invocation_started", "Calls that began.", "unknown")
        for name in self._counters.functions:
            label = _label(name)
            started.add_sample(started.name, {"function_name": label}, self._counters.requests[name])
            for code, count in self._counters.codes[name].items():
                if count:
                    total.add_metric([label, code], count)
        return iter((total, started))

    def _load(self) -> Iterator[Metric]:
        running = GaugeMetricFamily("gateway_function_in_flight", "Calls being answered.", labels=["function_name"])
        queued = GaugeMetricFamily("gateway_function_queued", "Calls waiting for a replica.", labels=["function_name"])
        for name in self._counters.functions:
            running.add_metric([_label(name)], self._counters.in_flight(name))
            queued.add_metric([_label(name)], self._counters.queued(name))
        return iter((running, queued))

    def _condition(self) -> Iterator[Metric]:
        agent = self._agent
        yield GaugeMetricFamily("gateway_haproxy_up", "1 when HAProxy answers the agent.", int(self._workers.up))
        yield GaugeMetricFamily("gateway_in_step", "1 when the provider's state is applied.", int(not agent.problem))
        yield CounterMetricFamily("gateway_reloads", "Reloads of HAProxy.", agent.reloads)
        yield CounterMetricFamily("gateway_reload_failures", "States that could not be applied.", agent.failures)
        yield GaugeMetricFamily("gateway_last_reload_timestamp_seconds", "Time of the last reload.", agent.reloaded_at)
        version = GaugeMetricFamily("gateway_config_version", "Always 1, for the applied version.", labels=["version"])
        version.add_metric([agent.version], 1)
        yield version


def _label(name: str) -> str:
    return f"{name}.{NAMESPACE}"
