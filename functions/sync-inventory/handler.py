"""On book.created, book.updated and book.deleted: keep the inventory in step with the catalog."""

from bookstore.events.incoming import event_of
from bookstore.orders.sync import sync_inventory


def handle(event, context):
    sync_inventory(event_of(event))
    return {"statusCode": 204}
