"""POST /api/auth/register: make an account and sign in."""

from bookstore.accounts.models import NewUser
from bookstore.accounts.sign_in import register
from bookstore.fields import Nothing
from bookstore.requests import body, query


def handle(event, context):
    query(event, Nothing)
    session = register(body(event, NewUser))
    return {"statusCode": 201, "body": session.model_dump(), "headers": {"Cache-Control": "no-store"}}
