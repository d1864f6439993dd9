import asyncio

import pytest

from faas.dashboard.prometheus import Prometheus, Span, question
from faas.dashboard.source import Unknown


class Server:
    """Answers every question the same, and keeps what it was asked."""

    def __init__(self, *results):
        self.results, self.asked = results, []

    async def read_json(self, path, query):
        self.asked.append((path, query))
        return {"data": {"result": list(self.results)}}


def result(name, **values):
    return {"metric": {"function_name": f"{name}.openfaas-fn"}, **values}


def test_figures_are_by_the_functions_own_name_and_those_without_a_value_are_left_out():
    server = Server(result("echo", value=[0, "0.5"]), result("idle", value=[0, "NaN"]))
    assert asyncio.run(Prometheus(server).now("p95")) == {"echo": 0.5}


def test_the_connectors_metrics_name_their_function_otherwise():
    server = Server({"metric": {"function": "echo"}, "value": [0, "3"]})
    assert asyncio.run(Prometheus(server).now("delivered")) == {"echo": 3.0}


def test_a_course_has_a_value_for_every_moment_and_none_where_there_is_a_gap():
    server = Server(result("echo", values=[[100, "1"], [130, "NaN"], [145, "4"]]))
    span = Span(100, 160, 15)
    assert asyncio.run(Prometheus(server).course("rate", span)) == {"echo": [1.0, None, None, 4.0, None]}


def test_a_course_is_asked_for_one_function_with_or_without_its_namespace():
    server = Server()
    asyncio.run(Prometheus(server).course("load", Span(100, 160, 15), function="echo"))
    ((path, query),) = server.asked
    assert path == "/api/v1/query_range"
    assert query["query"] == 'max by (function_name) (autoscaler_load{function_name=~"echo([.].*)?"})'
    assert (query["start"], query["end"], query["step"]) == ("100", "160", "15")


def test_the_time_of_a_mean_is_the_callers():
    assert question("rate", over="5m") == "sum by (function_name) (rate(gateway_function_invocation_total{}[5m]))"


def test_an_unknown_form_is_no_figure():
    class Other:
        async def read_json(self, path, query):
            return {"status": "error"}

    with pytest.raises(Unknown, match="Prometheus"):
        asyncio.run(Prometheus(Other()).now("rate"))
