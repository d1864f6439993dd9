"""DELETE /api/imports/{id}: stop an import and forget its file; what is on sale stays."""

from bookstore.catalog.imports.imports import cancel_import
from bookstore.fields import Nothing
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    query(event, Nothing)
    cancel_import(path_id(event), seller=seller)
    return {"statusCode": 204, "body": ""}
