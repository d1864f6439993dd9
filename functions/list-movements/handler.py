"""GET /api/books/{id}/movements: every change of a book's stock, for its seller."""

from bookstore.events.envelope import trace_of
from bookstore.fields import NumberedQuery
from bookstore.orders.corrections import list_movements
from bookstore.orders.people import Actor
from bookstore.requests import path_id, query, signed_in


def handle(event, context):
    reader = Actor.of(signed_in(event), trace_of(event.headers))
    return {"statusCode": 200, "body": list_movements(path_id(event), query(event, NumberedQuery), reader=reader)}
