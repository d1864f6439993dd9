"""What Prometheus sees of the provider, under upstream's names where it has some."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from faas.provider.names import NAMESPACE
from faas.provider.view import Functions

_COLD_START_BUCKETS = (0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30)


class Metrics:
    """The provider's own registry."""

    def __init__(self, functions: Callable[[], Functions]) -> None:
        """`functions` gives what is deployed at the time of a scrape."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.registry.register(_ServiceCount(functions))
        self.requests = Counter(
            "provider_http_requests",
            "Requests of the provider's and the gateway's API.",
            ["method", "route", "code"],
            registry=self.registry,
        )
        self._cold_starts = Histogram(
            "gateway_function_cold_start_seconds",
            "From a call of a sleeping function to a replica that answers.",
            ["function_name"],
            buckets=_COLD_START_BUCKETS,
            registry=self.registry,
        )

    def observe_cold_start(self, name: str, seconds: float) -> None:
        """Record how long a woken function took."""
        self._cold_starts.labels(f"{name}.{NAMESPACE}").observe(seconds)


class _ServiceCount(Collector):
    def __init__(self, functions: Callable[[], Functions]) -> None:
        self._functions = functions

    def collect(self) -> Iterable[GaugeMetricFamily]:
        gauge = GaugeMetricFamily(
            "gateway_service_count", "Replicas that each function should have.", labels=["function_name"]
        )
        for name, function in self._functions().items():
            gauge.add_metric([f"{name}.{NAMESPACE}"], function.replicas)
        yield gauge
