"""Every ten seconds: send the mails that wait."""

from bookstore.accounts.sending import send_mails


def handle(event, context):
    return {"statusCode": 200, "body": send_mails()}
