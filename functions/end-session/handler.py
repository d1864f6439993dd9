"""DELETE /api/users/me/sessions/{id}: end one of the user's sessions."""

from bookstore.accounts.sessions import end_own_session
from bookstore.fields import Nothing
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    user = signed_in(event)
    query(event, Nothing)
    end_own_session(user, path_id(event))
    return {"statusCode": 204, "body": ""}
