"""GET /api/imports: one's own imports, the newest first."""

from bookstore.catalog.imports.imports import list_imports
from bookstore.catalog.imports.models import ImportsQuery
from bookstore.requests import query, signed_in


def handle(event, context):
    seller = signed_in(event)
    return {"body": list_imports(query(event, ImportsQuery), seller=seller)}
