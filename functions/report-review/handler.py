"""POST /api/reviews/{id}/report: tell the admins of a review that should not be shown."""

from bookstore.catalog.moderation import report_review
from bookstore.catalog.reader_models import Reporting
from bookstore.fields import Nothing
from bookstore.requests import body, path_id, query, signed_in


def handle(event, context):
    reader, review_id = signed_in(event), path_id(event)
    query(event, Nothing)
    report_review(review_id, body(event, Reporting).reason, by=reader)
    return {"statusCode": 204, "body": ""}
