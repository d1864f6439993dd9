"""PUT /api/users/{id}/role: make somebody an admin or a user, by an admin."""

from bookstore.accounts.administration import change_role
from bookstore.accounts.models import RoleChange
from bookstore.fields import Nothing
from bookstore.requests import body, path_id, query, signed_in


def handle(event, context):
    admin = signed_in(event, role="admin")
    query(event, Nothing)
    return {"body": change_role(path_id(event), body(event, RoleChange).role, by=admin)}
