"""POST /api/quotes: what an order would cost; nothing is reserved."""

from bookstore.fields import Nothing
from bookstore.orders.models import Inquiry
from bookstore.orders.quotes import quote_order
from bookstore.requests import body, query, signed_in


def handle(event, context):
    signed_in(event)
    query(event, Nothing)
    return {"statusCode": 200, "body": quote_order(body(event, Inquiry))}
