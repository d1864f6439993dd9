"""GET /api/works/{id}/review: the reader's own review of a work."""

from bookstore.catalog.reviews import get_review
from bookstore.fields import Nothing
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    reader = signed_in(event)
    query(event, Nothing)
    return {"body": get_review(path_id(event), by=reader)}
