"""On user.deleted: take the user's listings off the catalog."""

from bookstore.catalog.departures import take_leave
from bookstore.events.incoming import event_of


def handle(event, context):
    take_leave(event_of(event))
    return {"statusCode": 204, "body": ""}
