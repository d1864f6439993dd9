"""POST /api/users/{id}/enable: let somebody sign in again, by an admin."""

from bookstore.accounts.administration import enable_user
from bookstore.accounts.models import Reason
from bookstore.fields import Nothing
from bookstore.requests import optional_body, path_id, query, signed_in


def handle(event, context):
    admin = signed_in(event, role="admin")
    query(event, Nothing)
    return {"body": enable_user(path_id(event), by=admin, reason=optional_body(event, Reason).reason)}
