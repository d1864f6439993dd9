"""GET /api/reviews: the reviews that were reported or hidden, for admins."""

from bookstore.catalog.moderation import list_moderated
from bookstore.catalog.reader_models import ReportedQuery
from bookstore.requests import query, signed_in


def handle(event, context):
    signed_in(event, role="admin")
    return {"body": list_moderated(query(event, ReportedQuery))}
