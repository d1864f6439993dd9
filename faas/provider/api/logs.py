"""/system/logs: a function's lines, one JSON document each."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from faas.provider.api.functions import loaded
from faas.provider.errors import ProviderError
from faas.provider.logs import LogLine, parse_query, read_lines, remark, to_message
from faas.provider.names import check_namespace
from faas.provider.provider import Provider

Send = Callable[[LogLine], Awaitable[None]]

# A node that is away must not keep a reader waiting who does not follow.
_LONGEST = 25.0
_LOOK = 2.0


async def read_logs(request: web.Request) -> web.StreamResponse:
    """Stream the lines, each as soon as it is there, and why the function is not ready."""
    query = parse_query(request.query)
    check_namespace(request.query.get("namespace", ""))
    provider = await loaded(request)
    function = provider.view.function(query.name)
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)

    async def send(line: LogLine) -> None:
        await response.write(json.dumps(to_message(line, name=query.name)).encode() + b"\n")

    remarking = asyncio.create_task(_remark_for_ever(provider, query.name, send)) if query.follow else None
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(None if query.follow else _LONGEST):
                async for line in read_lines(provider.swarm, function.service_id, query):
                    await send(line)
    finally:
        if remarking:
            remarking.cancel()
    if not query.follow and (reason := await provider.health.why_not(function)):
        await send(remark(reason))
    await response.write_eof()
    return response


async def _remark_for_ever(provider: Provider, name: str, send: Send) -> None:
    told = ""
    while True:
        with suppress(ProviderError):
            reason = await provider.health.why_not(provider.view.function(name))
            if reason and reason != told:
                await send(remark(reason))
            told = reason
        await asyncio.sleep(_LOOK)


ROUTES = [web.get("/system/logs", read_logs, allow_head=False)]
