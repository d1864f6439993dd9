"""The index over HTTP, for functions on the same network: questions are the API's, already checked."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ValidationError

from bookstore.catalog.index import metrics
from bookstore.catalog.index.store import Store
from bookstore.catalog.index.tantivy_index import TantivyIndex
from bookstore.catalog.models import BooksQuery, SuggestionsQuery
from bookstore.catalog.search.kept import KeptQuery
from bookstore.errors import InvalidFields

Q = TypeVar("Q", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.Response]]
_AT_ONCE = 4


def application(store: Store) -> web.Application:
    """`POST /find`, `/suggest` and `/kept`, which are 503 while there is no index; `GET /healthz` and `/metrics`."""
    pool = ThreadPoolExecutor(_AT_ONCE, "search")

    def answer(model: type[Q], ask: Callable[[TantivyIndex, Q], BaseModel]) -> Handler:
        async def handler(request: web.Request) -> web.Response:
            if store.current is None:
                raise web.HTTPServiceUnavailable(text="the index is being built")
            try:
                query = model.model_validate_json(await request.read())
                with metrics.SECONDS.labels(request.path.strip("/")).time():
                    # Searches let go of the interpreter's lock.
                    found = await asyncio.get_running_loop().run_in_executor(pool, ask, store.current, query)
            except (ValidationError, InvalidFields) as error:
                raise web.HTTPBadRequest(text=str(error)) from error
            return web.Response(body=found.model_dump_json().encode(), content_type="application/json")

        return handler

    app = web.Application()
    app.router.add_post("/find", answer(BooksQuery, lambda index, query: index.find(query)))
    app.router.add_post("/suggest", answer(SuggestionsQuery, lambda index, query: index.suggest(query)))
    app.router.add_post("/kept", answer(KeptQuery, lambda index, query: index.kept(query)))
    app.router.add_get("/healthz", _healthy)
    app.router.add_get("/metrics", _metrics)
    return app


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
