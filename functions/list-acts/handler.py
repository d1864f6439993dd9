"""GET /api/admin/acts: what administrators did, for admins."""

from bookstore.accounts.acts import list_acts
from bookstore.accounts.models import ActsQuery
from bookstore.requests import query, signed_in


def handle(event, context):
    signed_in(event, role="admin")
    return {"body": list_acts(query(event, ActsQuery))}
