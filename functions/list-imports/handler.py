"""GET /api/imports: one's own imports, the newest first."""

from bookstore.catalog.imports.imports import list_imports
from bookstore.fields import PageQuery
from bookstore.requests import query, signed_in


def handle(event, context):
    seller = signed_in(event)
    return {"body": list_imports(query(event, PageQuery), seller=seller)}
