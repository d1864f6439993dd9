"""DELETE /api/users/me/addresses/{id}: forget a saved address."""

from bookstore.fields import Nothing
from bookstore.orders.addresses import delete_address
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    owner, address_id = signed_in(event), path_id(event)
    query(event, Nothing)
    delete_address(address_id, owner_id=owner.id)
    return {"statusCode": 204, "body": ""}
