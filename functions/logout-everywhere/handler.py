"""POST /api/auth/logout-everywhere: end all of the user's sessions."""

from bookstore.accounts.sessions import end_all_sessions
from bookstore.fields import Nothing
from bookstore.requests import optional_body, query, signed_in


def handle(event, context):
    user = signed_in(event)
    query(event, Nothing)
    optional_body(event, Nothing)
    end_all_sessions(user)
    return {"statusCode": 204, "body": ""}
