"""POST /api/auth/password-reset: ask for a link to set a new password."""

from bookstore.accounts.models import ForgottenPassword
from bookstore.accounts.password_changes import request_reset
from bookstore.fields import Nothing
from bookstore.requests import body, query


def handle(event, context):
    query(event, Nothing)
    request_reset(body(event, ForgottenPassword))
    return {"statusCode": 202, "body": ""}
