"""On user.deleted: see to it that orders forget who it was."""

from bookstore.events.incoming import event_of
from bookstore.orders.departures import take_leave


def handle(event, context):
    take_leave(event_of(event))
    return {"statusCode": 204, "body": ""}
