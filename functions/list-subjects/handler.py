"""GET /api/subjects: the upper two levels of Thema, to browse by."""

from bookstore.catalog.subjects import SubjectsQuery, list_subjects
from bookstore.requests import query


def handle(event, context):
    body = list_subjects(query(event, SubjectsQuery))
    return {"body": body, "headers": {"Cache-Control": "public, max-age=3600"}}
