"""PUT /api/users/me/wishes/{id}: put a work on the wish list, and say whether to tell of copies."""

from bookstore.catalog.reader_models import Wishing
from bookstore.catalog.wishes import wish
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import optional_body, path_id, query, signed_in


def handle(event, context):
    reader, work_id = signed_in(event), path_id(event)
    query(event, Nothing)
    return {"body": wish(work_id, optional_body(event, Wishing), by=reader, trace=trace_of(event.headers))}
