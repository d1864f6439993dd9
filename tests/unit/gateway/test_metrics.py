from types import SimpleNamespace

from prometheus_client import CollectorRegistry

from faas.gateway.counters import BUCKETS, Counters
from faas.gateway.haproxy import Figures, Load, Series
from faas.gateway.metrics import GatewayCollector

ECHO = {"function_name": "echo.openfaas-fn"}


def registry(figures):
    counters = Counters()
    counters.observe("1@0", figures)
    agent = SimpleNamespace(problem="", reloads=2, failures=0, reloaded_at=1.0, version="7")
    found = CollectorRegistry()
    found.register(GatewayCollector(counters, agent, SimpleNamespace(up=True)))
    return found


def test_calls_are_told_under_upstreams_names_by_exact_status():
    answered = {
        Series("echo", "201"): (5_000_000, 3, *[0] * len(BUCKETS)),
        Series("echo", "503"): (10_000_000, *[0] * len(BUCKETS), 1),
    }
    told = registry(Figures({"echo": Load(2, 1, 7)}, answered)).get_sample_value
    assert told("gateway_function_invocation_total", {**ECHO, "code": "201"}) == 3
    assert told("gateway_function_invocation_total", {**ECHO, "code": "503"}) == 1
    assert told("gateway_function_invocation_started", ECHO) == 7
    assert (told("gateway_function_in_flight", ECHO), told("gateway_function_queued", ECHO)) == (2, 1)


def test_durations_are_a_histogram_of_upstreams_buckets():
    durations = (1_500_000, 2, 0, 1, *[0] * 8, 1)
    told = registry(Figures({"echo": Load(0, 0, 4)}, {Series("echo", "200"): durations})).get_sample_value
    labels = {**ECHO, "code": "200"}

    def bucket(bound):
        return told("gateway_functions_seconds_bucket", {**labels, "le": bound})

    assert [bucket(bound) for bound in ("0.005", "0.01", "0.025", "1.0", "10.0", "+Inf")] == [2, 2, 3, 3, 3, 4]
    assert told("gateway_functions_seconds_sum", labels) == 1.5
    assert told("gateway_functions_seconds_count", labels) == 4


def test_a_function_that_was_never_called_counts_from_zero_so_that_its_first_call_is_an_increase():
    told = registry(Figures({"echo": Load(0, 0, 0)}, {})).get_sample_value
    assert told("gateway_function_invocation_total", {**ECHO, "code": "200"}) == 0
