"""POST /api/orders: reserve books and record the order."""

from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.orders.idempotency import Request
from bookstore.orders.models import Basket
from bookstore.orders.orders import place_order
from bookstore.orders.people import Actor
from bookstore.requests import body, idempotency_key, query, signed_in


def handle(event, context):
    buyer = Actor.of(signed_in(event), trace_of(event.headers))
    query(event, Nothing)
    request = Request.of(buyer.id, "place-order", idempotency_key(event), event.body)
    order = place_order(body(event, Basket), buyer=buyer, request=request)
    return {"statusCode": 201, "body": order, "headers": {"Location": f"/api/orders/{order['id']}"}}
