"""DELETE /api/works/{id}/review: take one's review of a work back."""

from bookstore.catalog.reviews import withdraw_review
from bookstore.fields import Nothing
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    reader = signed_in(event)
    query(event, Nothing)
    withdraw_review(path_id(event), by=reader)
    return {"statusCode": 204, "body": ""}
