"""GET /api/mails: what was written to people, for admins."""

from bookstore.accounts.mails import list_mails
from bookstore.accounts.models import MailsQuery
from bookstore.requests import query, signed_in


def handle(event, context):
    signed_in(event, role="admin")
    return {"body": list_mails(query(event, MailsQuery))}
