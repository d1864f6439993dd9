"""On wish.available: write to whoever waits that there is a copy."""

from bookstore.accounts.wishes import mail_wish
from bookstore.events.incoming import event_of


def handle(event, context):
    mail_wish(event_of(event))
    return {"statusCode": 204, "body": ""}
