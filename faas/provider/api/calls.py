"""Calls of functions: on the activator's port, and on the gateway's for what HAProxy does not know (yet)."""

from aiohttp import web

from faas.provider.activator import FUNCTION_HEADER
from faas.provider.api.answers import problem
from faas.provider.api.functions import loaded
from faas.provider.errors import BadRequest, NotFound, NotImplementedYet, ProviderError
from faas.provider.names import NAMESPACE

_CALLED = web.RequestKey("called", str)


async def activate(request: web.Request) -> web.StreamResponse:
    """Wake the function that the gateway names, and pass the call on."""
    name = request.headers.get(FUNCTION_HEADER)
    if not name:
        raise BadRequest(f"{FUNCTION_HEADER} is missing")
    return await _forward(request, name=name, path=request.raw_path)


async def call(request: web.Request) -> web.StreamResponse:
    """Call a function that was deployed a moment ago; one that does not exist is 404."""
    name = request.match_info["name"].removesuffix(f".{NAMESPACE}")
    if name in (await loaded(request)).view.functions:
        request[_CALLED] = name
    try:
        return await _forward(request, name=name, path=_inner_path(request))
    except ProviderError as error:
        return problem(request, error)


async def name_function(request: web.Request, response: web.StreamResponse) -> None:
    """Tell HAProxy which function answers: it counts the calls of those too that it does not know yet."""
    if called := request.get(_CALLED):
        response.headers[FUNCTION_HEADER] = called


async def call_later(request: web.Request) -> web.Response:
    """Refuse."""
    return problem(request, NotImplementedYet("asynchronous calls are not offered yet"))


async def root(_request: web.Request) -> web.Response:
    """Lead a browser to the operator's page."""
    raise web.HTTPMovedPermanently("/ui/")


async def _forward(request: web.Request, *, name: str, path: str) -> web.StreamResponse:
    provider = await loaded(request)
    try:
        return await provider.activator.forward(request, name=name, path=path)
    except NotFound as error:
        # Clients tell by these words that it is not the function that answers.
        raise NotFound(f"error finding function {name}.{NAMESPACE}: {error}") from error


def _inner_path(request: web.Request) -> str:
    path, mark, query = request.raw_path.partition("?")
    return "/" + "/".join(path.split("/")[3:]) + mark + query


# A path may have a line's end in it, which a point does not stand for by itself.
ANY_PATH = "/{path:(?s:.*)}"
_NAME = "{name:[-a-zA-Z_0-9.]+}"
GATEWAY_ROUTES = [
    *(web.route("*", f"/function/{_NAME}{rest}", call) for rest in ("", ANY_PATH)),
    *(web.post(f"/async-function/{_NAME}{rest}", call_later) for rest in ("", ANY_PATH)),
    web.get("/", root, allow_head=False),
]
