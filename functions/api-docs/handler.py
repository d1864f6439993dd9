"""GET /api/openapi.json and GET /api/docs: what the API is, for programs and for people."""

from bookstore.fields import Nothing
from bookstore.openapi.page import document, page
from bookstore.reads import AN_HOUR, public
from bookstore.requests import query


def handle(event, context):
    query(event, Nothing)
    asked = page if event.headers.get("X-Forwarded-Path", event.path).endswith("/docs") else document
    body, headers = asked()
    return public(event, body, cache=AN_HOUR, **headers)
