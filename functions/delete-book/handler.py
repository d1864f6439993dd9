"""DELETE /api/books/{id}: take a listing off the catalog, by its seller."""

from bookstore.catalog.books import delete_book
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import if_match, path_id, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    query(event, Nothing)
    version = None if event.headers.get("If-Match") == "*" else if_match(event)[0]
    delete_book(path_id(event), by=seller, version=version, trace=trace_of(event.headers))
    return {"statusCode": 204, "body": ""}
