"""On import.due: check or run the next rows of a file."""

from bookstore.catalog.imports.work import work_import
from bookstore.events.incoming import event_of


def handle(event, context):
    work_import(event_of(event))
    return {"statusCode": 204, "body": ""}
