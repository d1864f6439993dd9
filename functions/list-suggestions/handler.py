"""GET /api/suggestions: titles and names that may be meant by what somebody is typing."""

from bookstore.catalog.models import SuggestionsQuery
from bookstore.catalog.search.lists import suggest
from bookstore.reads import public
from bookstore.requests import query


def handle(event, context):
    found = suggest(query(event, SuggestionsQuery))
    return public(event, found.body, X_Answered_By=found.by)
