"""What an order would cost, told before it is placed."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from bookstore.database import connection
from bookstore.orders.inventory import Book, Wanted, find_books, problem, wanted
from bookstore.orders.models import DeliveryPriceOut, Inquiry, QuotedOut, QuoteOut, QuoteProblemOut, TaxOut
from bookstore.orders.settings import settings


def quote_order(inquiry: Inquiry) -> dict[str, Any]:
    """Today's prices of some books, what stands in the way of ordering them, and the price of every way of delivery.

    Nothing is reserved. Returns the quote as JSON.
    """
    wants = wanted(inquiry.items)
    books = find_books(connection("orders"), wants)
    lines = [_line(book_id, books.get(book_id), want) for book_id, want in wants.items()]
    parts = _parts(lines)
    deliveries = {method: _delivery(method, parts) for method in settings().delivery_cents}
    chosen = deliveries[inquiry.delivery.method].model_dump(exclude={"method"}) if inquiry.delivery else {}
    quote = QuoteOut(
        items=lines,
        orderable=not any(line.problem for line in lines),
        deliveries=list(deliveries.values()),
        currency=settings().currency,
        **chosen,
    )
    return quote.model_dump(mode="json", exclude_none=True)


def _line(book_id: str, book: Book | None, want: Wanted) -> QuotedOut:
    found = problem(book_id, book, want)
    line = QuotedOut(
        book_id=book_id, quantity=want.quantity, problem=QuoteProblemOut.model_validate(found) if found else None
    )
    if book is None or not book.available:
        return line
    return line.model_copy(update={name: getattr(book, name) for name in ("title", "price_cents", "seller_id")})


def _parts(lines: Iterable[QuotedOut]) -> Collection[int]:
    """What each seller's books cost."""
    parts = Counter[str | None]()
    for line in lines:
        parts[line.seller_id] += line.quantity * (line.price_cents or 0)
    return parts.values()


def _delivery(method: str, parts: Collection[int]) -> DeliveryPriceOut:
    cents, tax = settings().delivery_cents[method], settings().tax
    total, taxed = tax.total([*parts, cents])
    return DeliveryPriceOut(
        method=method,  # type: ignore[arg-type]
        delivery_cents=cents,
        tax=TaxOut(basis_points=tax.basis_points, included=tax.included, cents=taxed),
        total_cents=total,
    )
