"""POST /api/books/{id}/corrections: the seller counted the copies again."""

from bookstore.events.envelope import trace_of
from bookstore.fields import Nothing
from bookstore.orders.corrections import correct_stock
from bookstore.orders.idempotency import Request
from bookstore.orders.models import Correction
from bookstore.orders.people import Actor
from bookstore.requests import body, idempotency_key, path_id, query, signed_in


def handle(event, context):
    seller, book_id = Actor.of(signed_in(event), trace_of(event.headers)), path_id(event)
    query(event, Nothing)
    request = Request.of(seller.id, "correct-stock", idempotency_key(event), event.body, target=book_id)
    stock = correct_stock(book_id, body(event, Correction), seller=seller, request=request)
    return {"statusCode": 201, "body": stock}
