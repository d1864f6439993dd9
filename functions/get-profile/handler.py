"""GET /api/users/me: the account of whoever is signed in."""

from bookstore.accounts.users import profile
from bookstore.fields import Nothing
from bookstore.requests import query, signed_in


def handle(event, context):
    user = signed_in(event)
    query(event, Nothing)
    return {"body": profile(user)}
