"""GET /api/books/{id}: a book, unless the reader has it as it is."""

from bookstore.catalog.books import etag, get_book, to_json
from bookstore.fields import Nothing
from bookstore.reads import public
from bookstore.requests import path_id, query


def handle(event, context):
    query(event, Nothing)
    book = get_book(path_id(event))
    return public(event, to_json(book), etag=etag(book))
