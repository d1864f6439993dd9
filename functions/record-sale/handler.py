"""On order.paid, order.shipped, order.cancelled and order.refunded: keep the sales of works and sellers."""

from bookstore.catalog.sales import record_sale
from bookstore.events.incoming import event_of


def handle(event, context):
    record_sale(event_of(event))
    return {"statusCode": 204, "body": ""}
