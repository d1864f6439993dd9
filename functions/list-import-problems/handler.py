"""GET /api/imports/{id}/problems: what is wrong in a file, line by line."""

from bookstore.catalog.imports.imports import list_problems
from bookstore.catalog.imports.models import ProblemsQuery
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    return {"body": list_problems(path_id(event), query(event, ProblemsQuery), seller=seller)}
