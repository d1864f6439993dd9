"""POST /api/orders/{id}/pay: pay an order; 402 when the payment is declined."""

from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.orders.idempotency import Request
from bookstore.orders.models import Paying
from bookstore.orders.payments import pay_order
from bookstore.orders.people import Actor
from bookstore.orders.sandbox import Sandbox
from bookstore.requests import body, idempotency_key, path_id, query, signed_in


def handle(event, context):
    buyer, order_id = Actor.of(signed_in(event), trace_of(event.headers)), path_id(event)
    query(event, Nothing)
    request = Request.of(buyer.id, "pay-order", idempotency_key(event), event.body, target=order_id)
    order = pay_order(order_id, body(event, Paying), buyer=buyer, request=request, processor=Sandbox())
    return {"statusCode": 200, "body": order}
