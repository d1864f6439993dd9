"""GET /api/exports/books: one's own listings as CSV that can be imported again, page by page."""

from bookstore.catalog.exports import ExportQuery, export_books
from bookstore.requests import query, signed_in


def handle(event, context):
    seller = signed_in(event)
    text, headers = export_books(query(event, ExportQuery), seller=seller)
    return {"body": text, "headers": headers}
