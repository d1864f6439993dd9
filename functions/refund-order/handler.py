"""POST /api/orders/{id}/refund: give the money for the seller's part, or for copies of it, or an amount back.

An Idempotency-Key is welcome; for copies or an amount it is required, since a repeated call would refund more.
"""

from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.ids import new_id
from bookstore.orders.idempotency import Request
from bookstore.orders.models import Refunding
from bookstore.orders.people import Actor
from bookstore.orders.refunds import refund_order
from bookstore.orders.sandbox import Sandbox
from bookstore.requests import idempotency_key, optional_body, path_id, query, signed_in


def handle(event, context):
    seller, order_id = Actor.of(signed_in(event), trace_of(event.headers)), path_id(event)
    query(event, Nothing)
    refunding = optional_body(event, Refunding)
    keyed = refunding.items or refunding.amount_cents or "Idempotency-Key" in event.headers
    key = idempotency_key(event) if keyed else new_id()
    request = Request.of(seller.id, "refund-order", key, event.body, target=order_id)
    order = refund_order(order_id, refunding, seller=seller, request=request, processor=Sandbox())
    return {"statusCode": 200, "body": order}
