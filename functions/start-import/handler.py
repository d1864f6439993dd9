"""POST /api/imports: announce a file of listings."""

from bookstore.catalog.imports.imports import start_import
from bookstore.catalog.imports.models import ImportIn
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import body, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    query(event, Nothing)
    started = start_import(body(event, ImportIn), seller=seller, trace=trace_of(event.headers))
    return {"statusCode": 201, "body": started.to_json(), "headers": {"Location": f"/api/imports/{started.id}"}}
