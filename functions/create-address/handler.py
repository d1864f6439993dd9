"""POST /api/users/me/addresses: save an address."""

from bookstore.fields import Nothing
from bookstore.orders.addresses import create_address
from bookstore.orders.models import Address
from bookstore.requests import body, query, signed_in


def handle(event, context):
    owner = signed_in(event)
    query(event, Nothing)
    return {"statusCode": 201, "body": create_address(body(event, Address), owner_id=owner.id)}
