"""The way in to functions that sleep or have no replica to hand: wakes them, waits, and passes the call on."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp import hdrs, web
from multidict import CIMultiDict
from yarl import URL

from faas.provider.errors import BadGateway, Unavailable, UpstreamTimeout
from faas.provider.functions import PORT, Function
from faas.provider.view import View
from faas.provider.warming import Warming

FUNCTION_HEADER = "X-Function"

_ATTEMPTS = 3
# The function itself answers 504 before that.
_MARGIN = 5.0
_NOT_PASSED_ON = frozenset(
    name.lower()
    for name in (
        *(hdrs.CONNECTION, hdrs.KEEP_ALIVE, hdrs.PROXY_AUTHENTICATE, hdrs.PROXY_AUTHORIZATION, hdrs.TE),
        *(hdrs.TRAILER, hdrs.TRANSFER_ENCODING, hdrs.UPGRADE, hdrs.EXPECT, "Proxy-Connection", FUNCTION_HEADER),
    )
)
# A call gets the headers that the client sent and no others.
_NOT_ADDED = (hdrs.ACCEPT, hdrs.ACCEPT_ENCODING, hdrs.USER_AGENT, hdrs.CONTENT_TYPE)


@dataclass
class Calls:
    """Calls of one function that came this way."""

    in_flight: int = 0
    """Waiting ones included."""
    waiting: int = 0
    total: int = 0


class Activator:
    """Passes calls to replicas that answer, and not more at once than one replica takes."""

    def __init__(self, http: aiohttp.ClientSession, view: View, warming: Warming, *, ready_timeout: float) -> None:
        """`ready_timeout` is how many seconds a call waits for its turn."""
        self.calls: defaultdict[str, Calls] = defaultdict(Calls)
        self._http = http
        self._view = view
        self._warming = warming
        self._ready_timeout = ready_timeout
        self._slots: dict[tuple[str, int], asyncio.Semaphore] = {}
        warming.queued = lambda name: self.calls[name].waiting

    async def forward(self, request: web.Request, *, name: str, path: str) -> web.StreamResponse:
        """Answer as the function does. `path` is what it sees, query included, encoded as it came.

        Raises NotFound, Unavailable when no replica became ready, BadGateway, UpstreamTimeout.
        """
        function = self._view.function(name)
        calls = self.calls[name]
        calls.total += 1
        calls.in_flight += 1
        try:
            async with self._turn(function, calls), await self._send(request, function, path) as upstream:
                return await _pass_back(upstream, request)
        finally:
            calls.in_flight -= 1

    @asynccontextmanager
    async def _turn(self, function: Function, calls: Calls) -> AsyncIterator[None]:
        limit = function.traffic.max_inflight
        slots = self._slots.setdefault((function.name, limit), asyncio.Semaphore(limit))
        calls.waiting += 1
        try:
            await self._warming.ready(function.name, within=self._ready_timeout)
            await _acquire(slots, function, within=self._ready_timeout)
        finally:
            calls.waiting -= 1
        try:
            yield
        finally:
            slots.release()

    async def _send(self, request: web.Request, function: Function, path: str) -> aiohttp.ClientResponse:
        for _ in range(_ATTEMPTS):
            address = random.choice(await self._warming.ready(function.name, within=self._ready_timeout))  # noqa: S311
            try:
                return await self._request(request, function, URL(f"http://{address}:{PORT}{path}", encoded=True))
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
                # Nothing was sent, so any call may be tried again.
                self._warming.forget(function.name)
            except TimeoutError as error:
                took = function.traffic.exec_timeout + _MARGIN
                raise UpstreamTimeout(f"function {function.name} did not answer within {took:g} s") from error
            except aiohttp.ClientError as error:
                raise BadGateway(f"function {function.name} broke off before it answered") from error
        raise Unavailable(f"no replica of function {function.name} accepts connections")

    async def _request(self, request: web.Request, function: Function, url: URL) -> aiohttp.ClientResponse:
        return await self._http.request(
            request.method,
            url,
            headers=_end_to_end(request.headers.items()),
            data=request.content if request.body_exists else None,
            skip_auto_headers=_NOT_ADDED,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(sock_connect=1, sock_read=function.traffic.exec_timeout + _MARGIN),
        )


async def _acquire(slots: asyncio.Semaphore, function: Function, *, within: float) -> None:
    try:
        await asyncio.wait_for(slots.acquire(), within)
    except TimeoutError:
        raise Unavailable(f"function {function.name} has more calls than it can take") from None


async def _pass_back(upstream: aiohttp.ClientResponse, request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(
        status=upstream.status, reason=upstream.reason, headers=_end_to_end(upstream.headers.items())
    )
    await response.prepare(request)
    try:
        async for chunk in upstream.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
    except aiohttp.ClientError:
        # Too late for another answer; a cut connection tells that this one is not whole.
        if request.transport is not None:
            request.transport.abort()
    return response


def _end_to_end(headers: Iterable[tuple[str, str]]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in headers if name.lower() not in _NOT_PASSED_ON)
