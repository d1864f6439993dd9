"""GET /api/users/me/wishes: the works that the reader would like to have."""

from bookstore.catalog.wishes import list_wishes
from bookstore.fields import PageQuery
from bookstore.requests import query, signed_in


def handle(event, context):
    reader = signed_in(event)
    return {"body": list_wishes(query(event, PageQuery), by=reader)}
