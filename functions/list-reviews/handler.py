"""GET /api/works/{id}/reviews: what buyers think of a work, page by page."""

from bookstore.catalog.reviews import list_reviews
from bookstore.fields import PageQuery
from bookstore.requests import path_id, query


def handle(event, context):
    page = query(event, PageQuery)
    return {"body": list_reviews(path_id(event), page)}
