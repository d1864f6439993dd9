"""GET /api/orders: what the reader bought or sold, the newest first."""

from bookstore.events.envelope import trace_of
from bookstore.orders.models import OrdersQuery
from bookstore.orders.orders import list_orders
from bookstore.orders.people import Actor
from bookstore.requests import query, signed_in


def handle(event, context):
    reader = Actor.of(signed_in(event), trace_of(event.headers))
    return {"statusCode": 200, "body": list_orders(query(event, OrdersQuery), reader=reader)}
