"""GET /api/bestsellers: the works that sold most lately."""

from bookstore.catalog.bestsellers import list_bestsellers
from bookstore.catalog.reader_models import BestsellersQuery
from bookstore.requests import query


def handle(event, context):
    return {
        "body": list_bestsellers(query(event, BestsellersQuery)),
        "headers": {"Cache-Control": "public, max-age=60"},
    }
