"""On stock.changed: show the stock that is left."""

from bookstore.catalog.stock import sync_catalog
from bookstore.events.incoming import events_of


def handle(event, context):
    sync_catalog(*events_of(event))
    return {"statusCode": 204, "body": ""}
