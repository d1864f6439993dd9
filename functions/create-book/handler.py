"""POST /api/books: put a book on sale."""

from bookstore.catalog.books import create_book, etag, to_json
from bookstore.catalog.models import BookIn
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import body, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    query(event, Nothing)
    book = create_book(body(event, BookIn), seller=seller, trace=trace_of(event.headers))
    headers = {"Location": f"/api/books/{book.id}", "ETag": etag(book)}
    return {"statusCode": 201, "body": to_json(book), "headers": headers}
