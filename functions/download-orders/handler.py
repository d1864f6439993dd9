"""GET /api/users/me/data/orders: every order that the user has a part in, with its money."""

from bookstore.events.envelope import trace_of
from bookstore.fields import PageQuery
from bookstore.orders.downloads import orders_data
from bookstore.orders.people import Actor
from bookstore.requests import query, signed_in


def handle(event, context):
    reader = Actor.of(signed_in(event), trace_of(event.headers))
    return {"body": orders_data(query(event, PageQuery), reader=reader), "headers": {"Cache-Control": "no-store"}}
