"""What the autoscaler answers on its own port: metrics, and the last scalings with their reasons."""

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from faas.autoscaler.loop import Autoscaler
from faas.autoscaler.metrics import Metrics

PORT = 9102


def application(autoscaler: Autoscaler, metrics: Metrics) -> web.Application:
    """Make the two routes."""

    async def show_metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def show_changes(_: web.Request) -> web.Response:
        return web.json_response({"changes": list(autoscaler.changes)})

    app = web.Application()
    app.add_routes([web.get("/metrics", show_metrics), web.get("/changes", show_changes)])
    return app
