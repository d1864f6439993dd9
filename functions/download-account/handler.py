"""GET /api/users/me/data: everything that accounts keep of the user."""

from bookstore.accounts.departures import account_data
from bookstore.fields import Nothing
from bookstore.requests import query, signed_in


def handle(event, context):
    user = signed_in(event)
    query(event, Nothing)
    return {"body": account_data(user), "headers": {"Cache-Control": "no-store"}}
