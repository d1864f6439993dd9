"""GET /api/works/{id}/reviews: what buyers think of a work, page by page."""

from bookstore.catalog.reviews import list_reviews
from bookstore.fields import PageQuery
from bookstore.reads import public
from bookstore.requests import path_id, query


def handle(event, context):
    page = query(event, PageQuery)
    return public(event, list_reviews(path_id(event), page))
