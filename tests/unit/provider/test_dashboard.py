"""The page for operators, as the provider serves it."""

import json
import re

import pytest
from aiohttp import web

SEEN = {
    "reason": "load",
    "recommended": 1,
    "replicas": 1,
    "load": {"in_flight": 2.0, "queued": 0.0, "rps": 1.0},
    "policy": {"kind": "capacity", "target": 4.0, "proportion": 1.0, "window": 30.0, "sleeps_after": 900.0},
}
QUEUE = 'rabbitmq_detailed_queue_messages_ready{vhost="/",queue="fn.echo.dead"} 2\n'
NEIGHBORS = {
    "/verdicts": {"verdicts": {"echo": SEEN}, "complaints": {"echo": "a label is wrong"}},
    "/changes": {"since": 0, "changes": []},
    "/api/v1/query": {"data": {"result": [{"metric": {"function_name": "echo.openfaas-fn"}, "value": [0, "0.5"]}]}},
    "/api/v1/query_range": {"data": {"result": []}},
}


def neighbors(request):
    """Autoscaler, Prometheus and RabbitMQ behind the provider's one socket."""
    if request.path == "/metrics/detailed":
        return web.Response(text=QUEUE)
    return web.json_response(NEIGHBORS[request.path])


async def get(live, path, **headers):
    return await live.gateway.get(path, headers=live.operator | headers)


@pytest.mark.parametrize("path", ["/ui/", "/ui/main.js", "/ui/api/now", "/ui/api/trends", "/ui/api/functions/echo"])
def test_nothing_of_the_page_is_shown_without_credentials(run, path):
    async def story(live):
        await live.deploy()
        return (await live.gateway.get(path)).status

    assert run(story) == 401


def test_the_page_may_load_nothing_from_elsewhere_and_run_nothing_inline(run):
    async def story(live):
        page = await get(live, "/ui/")
        names = re.findall(r'(?:src|href)="([a-z]+\.[a-z]+)"', await page.text())
        return page, {name: await get(live, f"/ui/{name}") for name in names}

    page, files = run(story)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    types = {name: (file.status, file.content_type) for name, file in files.items()}
    assert types == {
        "icon.svg": (200, "image/svg+xml"),
        "style.css": (200, "text/css"),
        "main.js": (200, "text/javascript"),
    }


def test_a_file_that_the_browser_has_is_not_sent_again(run):
    async def story(live):
        first = await get(live, "/ui/main.js")
        again = await get(live, "/ui/main.js", **{"If-None-Match": first.headers["ETag"]})
        return again.status, (await get(live, "/ui/..%2frouting.py")).status, (await get(live, "/ui/nothing.js")).status

    assert run(story) == (304, 404, 404)


def test_this_moment_joins_functions_verdicts_and_queues(run):
    async def story(live):
        live.answers["handler"] = neighbors
        await live.deploy()
        return json.loads((await live.send("GET", "/ui/api/now"))[1])

    now = run(story)
    (echo,) = now["functions"]
    assert (now["stack"], now["missing"]) == ("shop", {})
    assert (echo["name"], echo["in_flight"], echo["why"]) == ("echo", 2.0, "2 calls at once; a replica takes 4")
    assert echo["complaint"] == "a label is wrong"
    assert [(queue["function"], queue["dead"]) for queue in now["queues"]] == [("echo", 2)]
    assert [(change["to"], change["cause"]) for change in now["changes"]] == [(1, "deployed")]


def test_every_neighbor_that_does_not_answer_is_named_and_the_rest_is_shown(run):
    async def story(live):
        live.answers["handler"] = lambda _request: web.Response(status=500)
        await live.deploy()
        return [
            json.loads((await live.send("GET", f"/ui/api/{path}"))[1]) for path in ("now", "trends", "functions/echo")
        ]

    now, trends, echo = run(story)
    assert now["missing"] == {"autoscaler": "The autoscaler answers 500", "queues": "RabbitMQ answers 500"}
    assert trends["missing"] == {"prometheus": "Prometheus answers 500"}
    assert [function["in_flight"] for function in now["functions"]] == [None]
    assert echo["courses"]["load"] is None
    assert echo["status"]["image"] == "echo:latest"


def test_an_answer_that_is_no_document_is_named_too(run):
    async def story(live):
        live.answers["handler"] = lambda _request: web.Response(text="<html>")
        return json.loads((await live.send("GET", "/ui/api/now"))[1])["missing"]

    assert run(story)["autoscaler"] == "The autoscaler answers in an unknown form"


def test_an_autoscaler_that_sees_no_load_says_why_there_is_none(run):
    blind = {"verdicts": {}, "complaints": {"": "no gateway is known"}}

    async def story(live):
        live.answers["handler"] = lambda request: (
            web.json_response(blind) if request.path == "/verdicts" else neighbors(request)
        )
        return json.loads((await live.send("GET", "/ui/api/now"))[1])

    assert run(story)["missing"] == {"autoscaler": "no gateway is known"}


def test_a_long_answer_is_read_to_its_end(run):
    results = [{"metric": {"function_name": f"f{n}.openfaas-fn"}, "value": [0, "0.5"]} for n in range(5000)]

    async def story(live):
        def much(request):
            return web.json_response({"data": {"result": [] if "range" in request.path else results}})

        live.answers["handler"] = much
        return json.loads((await live.send("GET", "/ui/api/trends"))[1])

    assert len(run(story)["means"]["errors"]) == 5000


def test_a_gateway_without_a_histogram_is_named_where_the_p95_is_missing(run):
    async def story(live):
        def without_histogram(request):
            empty = "quantile" in request.query.get("query", "")
            return web.json_response({"data": {"result": []}}) if empty else neighbors(request)

        live.answers["handler"] = without_histogram
        return json.loads((await live.send("GET", "/ui/api/trends"))[1])

    assert run(story)["missing"] == {"p95": "the gateway does not measure how long calls take"}


@pytest.mark.parametrize(
    ("path", "status"), [("nobody", 404), ("echo?minutes=0", 400), ("echo?minutes=x", 400), ("echo?minutes=17", 200)]
)
def test_a_function_and_a_while_that_do_not_exist_are_refused(run, path, status):
    async def story(live):
        live.answers["handler"] = neighbors
        await live.deploy()
        return (await live.send("GET", f"/ui/api/functions/{path}"))[0]

    assert run(story) == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 202),
        ({"Origin": "http://shop.example:8080", "Host": "shop.example:8080"}, 202),
        ({"Origin": "https://shop.example", "X-Forwarded-Host": "shop.example"}, 202),
        ({"Origin": "http://evil.example", "Host": "shop.example:8080"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_the_own_page_may_change_anything_with_the_password_that_a_browser_keeps(run, headers, status):
    async def story(live):
        await live.deploy()
        body = json.dumps({"replicas": 2})
        answer = await live.gateway.post("/system/scale-function/echo", data=body, headers=live.operator | headers)
        return answer.status, live.swarm.replicas("echo")

    assert run(story) == (status, 2 if status == 202 else 1)


def test_another_sites_page_may_still_call_a_function(run):
    async def story(live):
        await live.deploy()
        answer = await live.gateway.post("/function/echo", headers={"Origin": "http://elsewhere.example"})
        return answer.status

    assert run(story) == 200
