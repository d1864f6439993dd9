"""PUT /api/books/{id}: replace a listing, by its seller."""

from bookstore.catalog.books import etag, to_json, update_book
from bookstore.catalog.models import BookIn
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import body, if_match, path_id, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    query(event, Nothing)
    book = update_book(
        path_id(event),
        body(event, BookIn),
        by=seller,
        seen=if_match(event),
        trace=trace_of(event.headers),
    )
    return {"body": to_json(book), "headers": {"ETag": etag(book)}}
