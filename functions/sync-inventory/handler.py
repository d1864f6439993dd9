"""On book.created, book.updated and book.deleted: keep the inventory in step with the catalog."""

from bookstore.events.incoming import events_of
from bookstore.orders.sync import sync_inventory


def handle(event, context):
    sync_inventory(*events_of(event))
    return {"statusCode": 204}
