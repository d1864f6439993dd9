"""DELETE /api/books/{id}/cover: take the cover off a listing, by its seller."""

from bookstore.catalog.covers import delete_cover
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    query(event, Nothing)
    delete_cover(path_id(event), by=seller, trace=trace_of(event.headers))
    return {"statusCode": 204, "body": ""}
