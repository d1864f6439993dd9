"""POST /api/imports/{id}/run: put on sale what was checked."""

from bookstore.catalog.imports.imports import run_import
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import optional_body, path_id, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    query(event, Nothing)
    optional_body(event, Nothing)
    return {"body": run_import(path_id(event), seller=seller, trace=trace_of(event.headers)).to_json()}
