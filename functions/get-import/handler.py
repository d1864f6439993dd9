"""GET /api/imports/{id}: how far an import is, and what was found."""

from bookstore.catalog.imports.imports import get_import
from bookstore.fields import Nothing
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    query(event, Nothing)
    return {"body": get_import(path_id(event), seller=seller).to_json()}
