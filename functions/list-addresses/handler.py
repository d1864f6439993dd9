"""GET /api/users/me/addresses: the reader's saved addresses."""

from bookstore.fields import Nothing
from bookstore.orders.addresses import list_addresses
from bookstore.requests import query, signed_in


def handle(event, context):
    owner = signed_in(event)
    query(event, Nothing)
    return {"statusCode": 200, "body": list_addresses(owner_id=owner.id)}
