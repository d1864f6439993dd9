"""GET /api/openapi.json and GET /api/docs: what the API is, for programs and for people."""

from bookstore.fields import Nothing
from bookstore.openapi.page import document, page
from bookstore.requests import query


def handle(event, context):
    query(event, Nothing)
    if event.headers.get("X-Forwarded-Path", event.path).endswith("/docs"):
        body, headers = page()
    else:
        body, headers = document()
    return {"body": body, "headers": headers}
