"""Every hour: forget the imports that nothing has happened to for a week."""

from bookstore.catalog.imports.imports import forget_old


def handle(event, context):
    return {"body": {"forgotten": forget_old()}}
