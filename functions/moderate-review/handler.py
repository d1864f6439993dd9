"""PUT /api/reviews/{id}/moderation: hide a review or show it again, by an admin."""

from bookstore.catalog.moderation import moderate_review
from bookstore.catalog.reader_models import Moderation
from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.requests import body, path_id, query, signed_in


def handle(event, context):
    admin, review_id = signed_in(event, role="admin"), path_id(event)
    query(event, Nothing)
    moderation, trace = body(event, Moderation), trace_of(event.headers)
    return {"body": moderate_review(review_id, moderation, by=admin, trace=trace)}
