"""POST /api/auth/verify-email: confirm an address with the token of a link."""

from bookstore.accounts.models import EmailProof
from bookstore.accounts.profiles import verify_email
from bookstore.fields import Nothing
from bookstore.requests import body, query


def handle(event, context):
    query(event, Nothing)
    verify_email(body(event, EmailProof))
    return {"statusCode": 204, "body": ""}
