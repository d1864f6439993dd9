"""POST /api/users/{id}/reset-link: a link to set a new password with, for an admin to hand over."""

from bookstore.accounts.administration import make_reset_link
from bookstore.fields import Nothing
from bookstore.requests import optional_body, path_id, query, signed_in


def handle(event, context):
    admin = signed_in(event, role="admin")
    query(event, Nothing)
    optional_body(event, Nothing)
    link = make_reset_link(path_id(event), by=admin)
    return {"statusCode": 201, "body": link, "headers": {"Cache-Control": "no-store"}}
