"""PUT /api/works/{id}/review: what the reader thinks of a work that they bought."""

from bookstore.catalog.reader_models import ReviewIn
from bookstore.catalog.reviews import write_review
from bookstore.fields import Nothing
from bookstore.requests import body, path_id, query, signed_in


def handle(event, context):
    reader, work_id = signed_in(event), path_id(event)
    query(event, Nothing)
    return {"body": write_review(work_id, body(event, ReviewIn), by=reader)}
