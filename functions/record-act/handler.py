"""On catalog.administered and orders.administered: keep what an administrator did there."""

from bookstore.accounts.acts import record_told
from bookstore.events.incoming import event_of


def handle(event, context):
    record_told(event_of(event))
    return {"statusCode": 204, "body": ""}
