"""On user.renamed: show the user's listings and reviews under the new name."""

from bookstore.catalog.renames import take_name
from bookstore.events.incoming import event_of


def handle(event, context):
    take_name(event_of(event))
    return {"statusCode": 204, "body": ""}
