"""DELETE /api/users/me: delete one's account."""

from bookstore.accounts.departures import delete_account
from bookstore.accounts.models import Leaving
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import body, query, signed_in


def handle(event, context):
    user = signed_in(event)
    query(event, Nothing)
    delete_account(body(event, Leaving), user=user, trace=trace_of(event.headers))
    return {"statusCode": 204, "body": ""}
