"""On stock.changed: show the stock that is left."""

from bookstore.catalog.stock import sync_catalog
from bookstore.events.incoming import event_of


def handle(event, context):
    sync_catalog(event_of(event))
    return {"statusCode": 204, "body": ""}
