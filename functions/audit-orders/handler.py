"""GET /api/audit: prove that stock and money of the orders' database balance, and tell of all others, for admins."""

from bookstore.fields import Nothing
from bookstore.orders.audit import audit_orders
from bookstore.requests import query, signed_in


def handle(event, context):
    signed_in(event, role="admin")
    query(event, Nothing)
    return {"statusCode": 200, "body": audit_orders()}
