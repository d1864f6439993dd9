"""GET /api/suggestions: titles and names that may be meant by what somebody is typing."""

from bookstore.catalog.models import SuggestionsQuery
from bookstore.catalog.search.lists import suggest
from bookstore.requests import query


def handle(event, context):
    found = suggest(query(event, SuggestionsQuery))
    return {"body": found.body, "headers": {"X-Answered-By": found.by}}
