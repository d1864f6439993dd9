"""GET /api/users/me/data/stock: every book that the user ever listed, as the orders know it."""

from bookstore.events.envelope import trace_of
from bookstore.fields import PageQuery
from bookstore.orders.downloads import stock_data
from bookstore.orders.people import Actor
from bookstore.requests import query, signed_in


def handle(event, context):
    seller = Actor.of(signed_in(event), trace_of(event.headers))
    return {"body": stock_data(query(event, PageQuery), seller=seller), "headers": {"Cache-Control": "no-store"}}
