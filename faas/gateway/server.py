"""What the agent answers on its own port: the load for the autoscaler, metrics, and how it is."""

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from faas.gateway.agent import Agent
from faas.gateway.counters import Counters
from faas.gateway.metrics import GatewayCollector
from faas.gateway.workers import Workers

PORT = 9101


def application(counters: Counters, agent: Agent, workers: Workers) -> web.Application:
    """Make the three routes."""
    registry = CollectorRegistry()
    registry.register(GatewayCollector(counters, agent, workers))
    ProcessCollector(registry=registry)

    async def load(_: web.Request) -> web.Response:
        if not workers.up:
            return web.json_response({"detail": "HAProxy does not answer"}, status=503)
        return web.json_response({"at": workers.counted_at, "functions": loads(counters)})

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def health(_: web.Request) -> web.Response:
        report = {"version": agent.version, "haproxy": workers.up, "problem": agent.problem}
        return web.json_response(report, status=200 if workers.up else 503)

    app = web.Application()
    app.add_routes([web.get("/load", load), web.get("/metrics", metrics), web.get("/healthz", health)])
    return app


def loads(counters: Counters) -> dict[str, dict[str, int]]:
    """What each function has to do, all workers of this gateway together; the activator's calls are among them."""
    return {
        name: {
            "in_flight": counters.in_flight(name),
            "queued": counters.queued(name),
            "requests_total": counters.started[name],
        }
        for name in counters.functions
    }
