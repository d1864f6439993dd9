"""Every ten seconds: write and send mails, and tell once more of those who left."""

from bookstore.accounts.departures import tell_again
from bookstore.accounts.password_changes import write_reset_mails
from bookstore.accounts.sending import send_mails


def handle(event, context):
    return {"body": {"written": write_reset_mails(), "left": tell_again(), **send_mails()}}
