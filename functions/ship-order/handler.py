"""POST /api/orders/{id}/ship: the seller's part of an order is on its way."""

from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.orders.models import Shipping
from bookstore.orders.people import Actor
from bookstore.orders.shipments import ship_order
from bookstore.requests import optional_body, path_id, query, signed_in


def handle(event, context):
    seller = Actor.of(signed_in(event), trace_of(event.headers))
    query(event, Nothing)
    return {"statusCode": 200, "body": ship_order(path_id(event), optional_body(event, Shipping), seller=seller)}
