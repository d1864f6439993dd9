"""/ui/: the page itself, and the documents that it asks for again and again."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from pathlib import Path

from aiohttp import hdrs, web

from faas.dashboard.dashboard import Dashboard
from faas.dashboard.functions import Status

_PAGE = Path(__file__).parent / "page"
# An image may lack the system's list of them.
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_LONGEST = 7 * 24 * 60
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def routes(dashboard: Dashboard, statuses: Callable[[web.Request], Awaitable[Sequence[Status]]]) -> list[web.RouteDef]:
    """Make the routes. `statuses` gives every FunctionStatus by name, for a query with `usage=1` with what they use."""

    async def now(request: web.Request) -> web.Response:
        return _document(await dashboard.now(await statuses(request)))

    async def trends(request: web.Request) -> web.Response:
        return _document(await dashboard.trends(await statuses(request)))

    async def function(request: web.Request) -> web.Response:
        name, minutes = request.match_info["name"], request.query.get("minutes", "60")
        found = [status for status in await statuses(request) if status["name"] == name]
        if not found:
            return web.Response(status=404, text=f"function {name} is not deployed")
        if not minutes.isdecimal() or not 1 <= int(minutes) <= _LONGEST:
            return web.Response(status=400, text=f'minutes: "{minutes}" is no number from 1 to {_LONGEST}')
        return _document(await dashboard.function(found[0], minutes=int(minutes)))

    return [
        web.get("/ui", _to_the_page, allow_head=False),
        web.get("/ui/api/now", now, allow_head=False),
        web.get("/ui/api/trends", trends, allow_head=False),
        web.get("/ui/api/functions/{name}", function, allow_head=False),
        web.get("/ui/{file:[a-z.]*}", _file, allow_head=False),
    ]


def _document(document: object) -> web.Response:
    response = web.json_response(document, headers={**_HEADERS, hdrs.CACHE_CONTROL: "no-store"})
    response.enable_compression()
    return response


async def _to_the_page(_request: web.Request) -> web.Response:
    raise web.HTTPMovedPermanently("/ui/")


async def _file(request: web.Request) -> web.Response:
    name = request.match_info["file"] or "index.html"
    try:
        content, tag = _files()[name]
    except KeyError:
        raise web.HTTPNotFound from None
    headers = {**_HEADERS, hdrs.CACHE_CONTROL: "private, no-cache", hdrs.ETAG: tag}
    if request.headers.get(hdrs.IF_NONE_MATCH) == tag:
        return web.Response(status=304, headers=headers)
    response = web.Response(body=content, headers=headers, content_type=_TYPES[Path(name).suffix], charset="utf-8")
    response.enable_compression()
    return response


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    contents = {path.name: path.read_bytes() for path in _PAGE.iterdir()}
    return {name: (content, f'"{hashlib.sha256(content).hexdigest()[:16]}"') for name, content in contents.items()}
