"""POST /api/users/me/verification: have a link mailed to the address that is to be confirmed."""

from bookstore.accounts.profiles import request_verification
from bookstore.fields import Nothing
from bookstore.requests import optional_body, query, signed_in


def handle(event, context):
    user = signed_in(event)
    query(event, Nothing)
    optional_body(event, Nothing)
    request_verification(user=user)
    return {"statusCode": 202, "body": ""}
