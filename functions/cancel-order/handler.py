"""POST /api/orders/{id}/cancel: cancel an order of which nothing was shipped."""

from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.orders.people import Actor
from bookstore.orders.refunds import cancel_order
from bookstore.orders.sandbox import Sandbox
from bookstore.requests import optional_body, path_id, query, signed_in


def handle(event, context):
    buyer = Actor.of(signed_in(event), trace_of(event.headers))
    query(event, Nothing)
    optional_body(event, Nothing)
    return {"statusCode": 200, "body": cancel_order(path_id(event), buyer=buyer, processor=Sandbox())}
