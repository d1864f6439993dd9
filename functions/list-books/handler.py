"""GET /api/books: books that fit a search and filters, page by page."""

from bookstore.catalog.models import BooksQuery
from bookstore.catalog.search import list_books
from bookstore.requests import query


def handle(event, context):
    return {"body": list_books(query(event, BooksQuery))}
