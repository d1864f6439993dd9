"""GET /api/books: books that fit a search and filters, page by page."""

from bookstore.catalog.models import BooksQuery
from bookstore.catalog.search.lists import list_books
from bookstore.reads import public
from bookstore.requests import query


def handle(event, context):
    found = list_books(query(event, BooksQuery))
    return public(event, found.body, X_Answered_By=found.by)
