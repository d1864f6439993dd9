"""GET /api/subjects: the upper two levels of Thema, to browse by."""

from bookstore.catalog.subjects import SubjectsQuery, list_subjects
from bookstore.reads import AN_HOUR, public
from bookstore.requests import query


def handle(event, context):
    return public(event, list_subjects(query(event, SubjectsQuery)), cache=AN_HOUR)
