"""POST /api/auth/login: sign in with e-mail address and password."""

from bookstore.accounts.models import Credentials
from bookstore.accounts.sign_in import login
from bookstore.fields import Nothing
from bookstore.requests import body, query


def handle(event, context):
    query(event, Nothing)
    session = login(body(event, Credentials))
    return {"body": session.model_dump(), "headers": {"Cache-Control": "no-store"}}
