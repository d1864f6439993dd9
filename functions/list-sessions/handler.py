"""GET /api/users/me/sessions: where the user is signed in."""

from bookstore.accounts.sessions import list_sessions
from bookstore.fields import PageQuery
from bookstore.requests import query, signed_in


def handle(event, context):
    user = signed_in(event)
    return {"body": list_sessions(user, query(event, PageQuery))}
