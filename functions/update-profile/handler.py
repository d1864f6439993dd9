"""PATCH /api/users/me: change one's name, or one's address once it is confirmed."""

from bookstore.accounts.models import ProfileChange
from bookstore.accounts.profiles import update_profile
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import body, query, signed_in


def handle(event, context):
    user = signed_in(event)
    query(event, Nothing)
    return {"body": update_profile(body(event, ProfileChange), user=user, trace=trace_of(event.headers))}
