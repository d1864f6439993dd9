"""POST /api/auth/refresh: exchange a refresh token for new tokens."""

from bookstore.accounts.models import RefreshToken
from bookstore.accounts.sessions import refresh_session
from bookstore.fields import Nothing
from bookstore.requests import body, query


def handle(event, context):
    query(event, Nothing)
    session = refresh_session(body(event, RefreshToken).refresh_token)
    return {"body": session.model_dump(), "headers": {"Cache-Control": "no-store"}}
