"""GET /api/books: books that fit a search and filters, page by page."""

from bookstore.catalog.models import BooksQuery
from bookstore.catalog.search.lists import list_books
from bookstore.requests import query


def handle(event, context):
    found = list_books(query(event, BooksQuery))
    return {"body": found.body, "headers": {"X-Answered-By": found.by}}
