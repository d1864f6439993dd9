"""GET /api/orders/{id}/payments: every movement of an order's money, or of the reader's part."""

from bookstore.events.envelope import trace_of
from bookstore.fields import NumberedQuery
from bookstore.orders.ledger import list_payments
from bookstore.orders.people import Actor
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    reader = Actor.of(signed_in(event), trace_of(event.headers))
    return {"statusCode": 200, "body": list_payments(path_id(event), query(event, NumberedQuery), reader=reader)}
