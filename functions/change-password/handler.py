"""PUT /api/users/me/password: set a new password."""

from bookstore.accounts.models import PasswordChange
from bookstore.accounts.password_changes import change_password
from bookstore.fields import Nothing
from bookstore.requests import body, query, signed_in


def handle(event, context):
    user = signed_in(event)
    query(event, Nothing)
    change_password(body(event, PasswordChange), user=user)
    return {"statusCode": 204, "body": ""}
