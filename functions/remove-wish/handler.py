"""DELETE /api/users/me/wishes/{id}: take a work off the wish list."""

from bookstore.catalog.wishes import unwish
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    reader = signed_in(event)
    query(event, Nothing)
    unwish(path_id(event), by=reader, trace=trace_of(event.headers))
    return {"statusCode": 204, "body": ""}
