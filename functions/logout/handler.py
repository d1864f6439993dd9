"""POST /api/auth/logout: end a session."""

from bookstore.accounts.models import RefreshToken
from bookstore.accounts.sessions import end_session
from bookstore.fields import Nothing
from bookstore.requests import body, query


def handle(event, context):
    query(event, Nothing)
    end_session(body(event, RefreshToken).refresh_token)
    return {"statusCode": 204, "body": ""}
