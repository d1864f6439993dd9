"""What the autoscaler answers on its own port: metrics, what it thinks of each function, and the last scalings."""

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from faas.autoscaler.loop import Autoscaler
from faas.autoscaler.metrics import Metrics

PORT = 9102


def application(autoscaler: Autoscaler, metrics: Metrics) -> web.Application:
    """Make the three routes."""

    async def show_metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def show_changes(_: web.Request) -> web.Response:
        return web.json_response({"since": autoscaler.remembers_since, "changes": list(autoscaler.changes)})

    async def show_verdicts(_: web.Request) -> web.Response:
        return web.json_response({"verdicts": autoscaler.verdicts, "complaints": dict(autoscaler.complaints)})

    app = web.Application()
    app.add_routes(
        [web.get("/metrics", show_metrics), web.get("/changes", show_changes), web.get("/verdicts", show_verdicts)]
    )
    return app
