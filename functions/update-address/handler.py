"""PUT /api/users/me/addresses/{id}: replace a saved address."""

from bookstore.fields import Nothing
from bookstore.orders.addresses import update_address
from bookstore.orders.models import Address
from bookstore.requests import body, path_id, query, signed_in


def handle(event, context):
    owner, address_id = signed_in(event), path_id(event)
    query(event, Nothing)
    return {"statusCode": 200, "body": update_address(address_id, body(event, Address), owner_id=owner.id)}
