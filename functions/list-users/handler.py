"""GET /api/users: all users, for admins."""

from bookstore.accounts.models import UsersQuery
from bookstore.accounts.users import list_users
from bookstore.requests import query, signed_in


def handle(event, context):
    signed_in(event, role="admin")
    return {"body": list_users(query(event, UsersQuery))}
