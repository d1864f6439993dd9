"""POST /api/auth/password-reset/confirm: set a new password with the token of a link."""

from bookstore.accounts.models import PasswordReset
from bookstore.accounts.password_changes import confirm_reset
from bookstore.fields import Nothing
from bookstore.requests import body, query


def handle(event, context):
    query(event, Nothing)
    confirm_reset(body(event, PasswordReset))
    return {"statusCode": 204, "body": ""}
