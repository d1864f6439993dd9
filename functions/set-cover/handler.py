"""PUT /api/books/{id}/cover: put a cover on a listing, by its seller."""

from bookstore.catalog.books import etag, to_json
from bookstore.catalog.covers import set_cover
from bookstore.catalog.pictures import picture
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    query(event, Nothing)
    book = set_cover(path_id(event), picture(event.body), by=seller, trace=trace_of(event.headers))
    return {"body": to_json(book), "headers": {"ETag": etag(book)}}
