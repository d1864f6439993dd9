"""GET /api/orders/{id}: an order, or the reader's part of it."""

from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.orders.orders import get_order
from bookstore.orders.people import Actor
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    reader = Actor.of(signed_in(event), trace_of(event.headers))
    query(event, Nothing)
    return {"statusCode": 200, "body": get_order(path_id(event), reader=reader)}
