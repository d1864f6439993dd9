"""GET /api/users/me/data/catalog: everything that the catalog keeps of the user."""

from bookstore.catalog.departures import catalog_data
from bookstore.fields import PageQuery
from bookstore.requests import query, signed_in


def handle(event, context):
    user = signed_in(event)
    return {"body": catalog_data(query(event, PageQuery), user=user), "headers": {"Cache-Control": "no-store"}}
