"""/system/logs: a function's lines, one JSON document each."""

import asyncio
import json
from contextlib import suppress

from aiohttp import web

from faas.provider.api.functions import loaded
from faas.provider.logs import parse_query, read_lines, to_message
from faas.provider.names import check_namespace

# A node that is away must not keep a reader waiting who does not follow.
_LONGEST = 25.0


async def read_logs(request: web.Request) -> web.StreamResponse:
    """Stream the lines, each as soon as it is there."""
    query = parse_query(request.query)
    check_namespace(request.query.get("namespace", ""))
    provider = await loaded(request)
    function = provider.view.function(query.name)
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)
    with suppress(TimeoutError):
        async with asyncio.timeout(None if query.follow else _LONGEST):
            async for line in read_lines(provider.swarm, function.service_id, query):
                await response.write(json.dumps(to_message(line, name=query.name)).encode() + b"\n")
    await response.write_eof()
    return response


ROUTES = [web.get("/system/logs", read_logs, allow_head=False)]
