"""GET /api/books/{id}: a book, unless the reader has it as it is."""

from bookstore.catalog.books import etag, get_book, to_json, unchanged
from bookstore.fields import Nothing
from bookstore.requests import path_id, query


def handle(event, context):
    query(event, Nothing)
    book = get_book(path_id(event))
    headers = {"ETag": etag(book)}
    if unchanged(book, event.headers.get("If-None-Match")):
        return {"statusCode": 304, "body": "", "headers": headers}
    return {"body": to_json(book), "headers": headers}
