"""The gateway's figures for Prometheus, with upstream's names where upstream has them."""

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from faas.gateway.agent import Agent
from faas.gateway.configuration import NAMESPACE
from faas.gateway.counters import BUCKETS, Counters, count
from faas.gateway.haproxy import Durations, Series
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
        total = CounterMetricFamily(
            "gateway_function_invocation", "Answered calls, by exact status.", labels=["function_name", "code"]
        )
        seconds = HistogramMetricFamily(
            "gateway_functions_seconds", "From a call to its answer's headers.", labels=["function_name", "code"]
        )
        for series, durations in self._answered():
            labels = [_label(series.function), series.code]
            total.add_metric(labels, count(durations))
            seconds.add_metric(labels, _cumulated(durations), durations[0] / 1e6)
        yield from (total, seconds, self._started())

    def _answered(self) -> Iterator[tuple[Series, Durations]]:
        # A series that begins above zero hides its first calls from increase().
        silent = (Series(name, "200") for name in self._counters.functions)
        nothing = {series: (0,) * (len(BUCKETS) + 2) for series in silent}
        return iter((nothing | self._counters.answered).items())

    def _started(self) -> Metric:
        # Upstream's name for it does not end in _total, which a counter family would add.
        started = Metric("gateway_function_invocation_started", "Calls that began.", "unknown")
        for name in self._counters.functions:
            started.add_sample(started.name, {"function_name": _label(name)}, self._counters.started[name])
        return started

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


def _cumulated(durations: Durations) -> list[tuple[str, float]]:
    bounds = (*map(floatToGoString, BUCKETS), "+Inf")
    return list(zip(bounds, accumulate(durations[1:]), strict=True))


def _label(name: str) -> str:
    return f"{name}.{NAMESPACE}"
