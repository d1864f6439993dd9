"""An example of every request and answer, by the function's name. A test holds each to its schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ID = "0198c0de-7a3c-7e1f-9b0a-4d2f6c8e1a57"
"""Stands for the id in a path."""
_BOOK_ID, _WORK_ID = "0198c0de-10b2-7c44-8f3e-6a1d9b7c2e05", "0198c0de-10b2-7d9a-b4c1-2f8e5d3a7b96"
_ADA_ID, _SAM_ID = "0198c0dd-f2e1-7b08-a6d4-9c3b1e5f7a20", "0198c0dd-e5a7-7433-9e2f-7b4d8a1c6f31"
_AT, _SOON = "2026-01-05T10:15:00.000000Z", "2026-01-05T11:15:00.000000Z"
_LATER = "2026-02-04T10:15:00.000000Z"
_TOKEN = "vVxS0Zr3uJcVb6yFqk1mWn8TtGhLpQe5RzXo2aDi7MY"  # noqa: S105
_PASSWORD = "correct horse battery staple"  # noqa: S105


@dataclass(frozen=True)
class Example:
    """A body that is sent, and the answer to it, for those operations that have them."""

    body: Json | None = None
    answer: Json | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    """What is no JSON, sent or answered, by its media type; a picture as a URL that holds it."""


def _page(*items: Json) -> Json:
    return {"items": list(items), "next_cursor": None}


_ADA: Json = {
    "id": _ADA_ID,
    "email": "ada@example.com",
    "email_verified": True,
    "name": "Ada Lovelace",
    "role": "user",
    "disabled": False,
    "created_at": _AT,
}
_SESSION: Json = {
    "access_token": "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTk4Y2…",
    "refresh_token": _TOKEN,
    "token_type": "Bearer",
    "expires_in": 600,
    "user": {name: _ADA[name] for name in ("id", "email", "email_verified", "name", "role")},
}
_OPEN_SESSION: Json = {"id": ID, "current": True, "started_at": _AT, "renewed_at": _AT, "expires_at": _LATER}
_MAIL: Json = {
    "id": ID,
    "user_id": _ADA_ID,
    "recipient": "ada@example.com",
    "kind": "password_changed",
    "subject": "Your password was changed",
    "text": "The password of your account at the bookstore was changed, …",
    "status": "sent",
    "attempts": 1,
    "sent_at": _AT,
    "created_at": _AT,
}
_ACT: Json = {
    "id": ID,
    "admin": {"id": _SAM_ID, "name": "Sam Admin"},
    "act": "disable_user",
    "target": {"kind": "user", "id": _ADA_ID},
    "details": {"reason": "Sold what does not exist"},
    "at": _AT,
}
_LISTING: Json = {
    "title": "Emma",
    "contributors": [{"name": "Jane Austen", "role": "author"}],
    "isbn13": "9780141439587",
    "publisher": "Penguin",
    "published": "2003-05-06",
    "language": "en",
    "format": "paperback",
    "pages": 512,
    "subjects": ["FBC"],
    "condition": "very_good",
    "price_cents": 899,
    "stock": 3,
}
_BOOK: Json = {
    **_LISTING,
    "id": _BOOK_ID,
    "work_id": _WORK_ID,
    "currency": "USD",
    "cover_url": f"/covers/{_BOOK_ID}/cover.svg",
    "seller": {"id": _SAM_ID, "name": "Sam Seller"},
    "rating": {"average": 4.67, "count": 3},
    "version": 1,
    "created_at": _AT,
    "updated_at": _AT,
}
_ADDRESS: Json = {
    "name": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postal_code": "SW1Y 4JH",
    "country": "GB",
}
_BASKET: Json = {
    "items": [{"book_id": _BOOK_ID, "quantity": 1, "price_cents": 899}],
    "delivery": {"method": "standard", "address": _ADDRESS},
}
_PLACED: Json = {
    "id": ID,
    "status": "pending",
    "buyer": {"id": _ADA_ID, "name": "Ada Lovelace"},
    "items": [{"book_id": _BOOK_ID, "title": "Emma", "quantity": 1, "price_cents": 899, "seller_id": _SAM_ID}],
    "shipments": [{"seller_id": _SAM_ID, "status": "open", "at": _AT, "history": []}],
    "delivery": _BASKET["delivery"],
    "delivery_cents": 399,
    "tax": {"basis_points": 0, "included": True, "cents": 0},
    "total_cents": 1298,
    "currency": "USD",
    "expires_at": "2026-01-05T10:30:00.000000Z",
    "history": [{"status": "pending", "at": _AT}],
    "created_at": _AT,
}

_FIGURES: Json = {"sold_copies": 3, "sold_cents": 2697, "returned_copies": 1, "returned_cents": 899}
_REVIEW: Json = {
    "id": ID,
    "work_id": _WORK_ID,
    "rating": 5,
    "text": "Handsome, clever, and rich.",
    "author": {"name": "Ada Lovelace"},
    "created_at": _AT,
    "updated_at": _AT,
}
_MODERATED: Json = {**_REVIEW, "user_id": _ADA_ID}
_REPORT: Json = {"user_id": _SAM_ID, "reason": "It tells how the story ends.", "at": _SOON}
_WISH: Json = {"work_id": _WORK_ID, "title": "Emma", "tell_me": True, "created_at": _AT, "book": {**_BOOK, "stock": 0}}


def _order(status: str, shipment: str, payment: str, **more: Any) -> Json:
    """The order that was placed, later on."""
    steps = {"paid": ("pending", "paid"), "shipped": ("pending", "paid", "shipped")}
    moved = {"history": [{"status": shipment, "at": _AT}]} if shipment in {"shipped", "refunded"} else {}
    return {
        **{name: value for name, value in _PLACED.items() if name != "expires_at"},
        "status": status,
        "shipments": [{**_PLACED["shipments"][0], "status": shipment, **moved, **more}],
        "payment": {"method": "card", "status": payment, "brand": "visa", "last4": "4242"},
        "history": [{"status": step, "at": _AT} for step in steps.get(status, ("pending", "paid", status))],
    }


_PAID = _order("paid", "open", "captured")
_CARD: Json = {"number": "4242 4242 4242 4242", "expiry": "12/49", "cvc": "123", "name": "Ada Lovelace"}
_TRACKING: Json = {"tracking": "RR123456785GB", "carrier": "Royal Mail"}
_SAVED: Json = {"id": ID, **_ADDRESS, "created_at": _AT}
_QUOTE: Json = {
    "items": [{"book_id": _BOOK_ID, "quantity": 1, "title": "Emma", "price_cents": 899, "seller_id": _SAM_ID}],
    "orderable": True,
    "deliveries": [
        {"method": method, "delivery_cents": cents, "tax": _PLACED["tax"], "total_cents": 899 + cents}
        for method, cents in (("standard", 399), ("express", 899), ("pickup", 0))
    ],
    "delivery_cents": 399,
    "tax": _PLACED["tax"],
    "total_cents": 1298,
    "currency": "USD",
}
_ENTRY: Json = {"id": "1", "kind": "captured", "cents": 899, "seller_id": _SAM_ID, "actor": _ADA_ID, "reason": "paid"}
_ATTEMPT: Json = {
    "id": ID,
    "kind": "pay",
    "method": "card",
    "brand": "visa",
    "last4": "4242",
    "amount_cents": 1298,
    "status": "succeeded",
    "reason": "",
    "at": _AT,
}
_MOVEMENT: Json = {
    "id": "1",
    "kind": "corrected",
    "quantity": -1,
    "actor": _SAM_ID,
    "reason": "water damage",
    "at": _AT,
}
_IMPORT: Json = {
    "id": ID,
    "format": "csv",
    "status": "receiving",
    "parts": 1,
    "parts_received": 0,
    "file_bytes": 0,
    "read_bytes": 0,
    "created_at": _AT,
    "updated_at": _AT,
}
_FILE = (
    "sku,title,authors,isbn13,price_cents,stock\n"
    "shelf-3,Emma,Jane Austen,978-0-14-143958-7,899,3\n"
    "shelf-4,The Midnight Bell,Francis Lathom,978-1-934555-24-8,1050,2\n"
    "shelf-5,Emma,Jane Austen,978-0-14-143958-8,799,1\n"
)
_COUNTS: Json = {"rows": 3, "new": 2, "changed": 0, "unchanged": 0, "deleted": 0, "refused": 1}
_CHECKED: Json = {
    **_IMPORT,
    "status": "checked",
    "parts_received": 1,
    "file_bytes": len(_FILE),
    "read_bytes": len(_FILE),
    "check": _COUNTS,
}
_LINE_PROBLEM: Json = {
    "line": 4,
    "field": "isbn13",
    "reason": "has a wrong check digit: 8 at its end, but 978014143958 asks for 7",
    "refused": True,
}
_BLANK = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAADwAAABaAQAAAADMKgiYAAAAHElEQVR42mP8z8DAwMDA8JGJAQpGGa"
    "OMUQYmAwA5MAKkWfNUoQAAAABJRU5ErkJggg=="
)
"""A PNG of nothing but white, 60 by 90 pixels."""

EXAMPLES: dict[str, Example] = {
    # Accounts
    "register": Example(
        {"email": "ada@example.com", "password": _PASSWORD, "name": "Ada Lovelace"},
        {**_SESSION, "user": {**_SESSION["user"], "email_verified": False}},
    ),
    "login": Example({"email": "ada@example.com", "password": _PASSWORD}, _SESSION),
    "refresh-token": Example({"refresh_token": _TOKEN}, _SESSION),
    "logout": Example({"refresh_token": _TOKEN}),
    "logout-everywhere": Example({}),
    "list-sessions": Example(answer=_page(_OPEN_SESSION)),
    "request-password-reset": Example({"email": "ada@example.com"}),
    "confirm-password-reset": Example({"token": _TOKEN, "password": _PASSWORD}),
    "change-password": Example({"old_password": "what it was before", "new_password": _PASSWORD}),
    "verify-email": Example({"token": _TOKEN}),
    "request-verification": Example({}),
    "get-profile": Example(answer=_ADA),
    "update-profile": Example(
        {"email": "ada@lovelace.example", "password": _PASSWORD}, {**_ADA, "pending_email": "ada@lovelace.example"}
    ),
    "delete-account": Example({"password": _PASSWORD}),
    "download-account": Example(
        answer={
            "user": _ADA,
            "sessions": [_OPEN_SESSION],
            "mails": [_MAIL],
            "acts": [{name: _ACT[name] for name in ("id", "act", "details", "at")}],
            "more": ["/api/users/me/data/orders"],
        }
    ),
    "download-orders": Example(
        answer=_page({**_PAID, "payments": [{**_ENTRY, "at": _AT}], "attempts": [_ATTEMPT], "movements": []})
    ),
    "download-stock": Example(
        answer=_page(
            {
                "book_id": _BOOK_ID,
                "title": "Emma",
                "price_cents": 899,
                "available": True,
                "stock": 2,
                "stock_supplied": 3,
                "movements": f"/api/books/{_BOOK_ID}/movements",
            }
        )
    ),
    "download-catalog": Example(answer=_page({"kind": "listing", "data": _BOOK})),
    "list-users": Example(answer=_page(_ADA)),
    "disable-user": Example(_ACT["details"], {**_ADA, "disabled": True}),
    "enable-user": Example({"reason": "It was a mistake"}, _ADA),
    "change-role": Example({"role": "admin"}, {**_ADA, "role": "admin"}),
    "make-reset-link": Example({}, {"url": f"https://shop.example/reset-password?token={_TOKEN}", "expires_at": _SOON}),
    "list-acts": Example(answer=_page(_ACT)),
    "list-mails": Example(answer=_page(_MAIL)),
    # Books
    "list-books": Example(answer=_page(_BOOK)),
    "list-suggestions": Example(answer={"items": [{"kind": "title", "text": "Emma"}]}),
    "get-book": Example(answer=_BOOK),
    "create-book": Example(_LISTING, _BOOK),
    "update-book": Example({**_LISTING, "price_cents": 799}, {**_BOOK, "price_cents": 799, "version": 2}),
    "set-cover": Example(
        answer={**_BOOK, "cover_url": f"/api/books/{_BOOK_ID}/cover?v=4c1d8e2f"}, texts={"image/png": _BLANK}
    ),
    "list-subjects": Example(
        answer=_page({"code": "FB", "name": {"en": "Fiction: general", "es": "Ficción: general"}, "parent": "F"})
    ),
    # Imports
    "start-import": Example({"format": "csv", "parts": 1, "defaults": {"condition": "new"}}, _IMPORT),
    "list-imports": Example(answer=_page(_CHECKED)),
    "get-import": Example(answer=_CHECKED),
    "list-import-problems": Example(answer=_page(_LINE_PROBLEM)),
    "add-import-part": Example(
        answer={**_IMPORT, "status": "checking", "parts_received": 1, "file_bytes": len(_FILE)},
        texts={"application/octet-stream": _FILE},
    ),
    "run-import": Example({}, {**_CHECKED, "status": "running", "read_bytes": 0}),
    "export-books": Example(
        texts={
            "text/csv": "sku,title,subtitle,contributors,isbn13,publisher,published,language,format,pages,series,"
            "volume,subjects,description_format,description,condition,price_cents,stock\r\n"
            "shelf-3,Emma,,Jane Austen,9780141439587,Penguin,2003-05-06,en,paperback,512,,,FBC,text,,very_good,899,3"
            "\r\n"
        }
    ),
    # Readers
    "list-bestsellers": Example(answer=_page({"sold": 12, "book": _BOOK})),
    "list-sales": Example(
        answer={**_page({"day": "2026-01-05", **_FIGURES}), "total": _FIGURES, "currency": "USD"},
        texts={"text/csv": f"day,{','.join(_FIGURES)}\r\n2026-01-05,{','.join(map(str, _FIGURES.values()))}\r\n"},
    ),
    "list-reviews": Example(answer=_page(_REVIEW)),
    "get-review": Example(answer={**_REVIEW, "status": "shown"}),
    "write-review": Example({name: _REVIEW[name] for name in ("rating", "text")}, {**_REVIEW, "status": "shown"}),
    "report-review": Example({"reason": "It tells how the story ends."}),
    "list-moderated-reviews": Example(
        answer=_page({**_MODERATED, "status": "shown", "reports": [_REPORT], "report_count": 1})
    ),
    "moderate-review": Example(
        {"hidden": True, "reason": "It tells how the story ends."},
        {
            **_MODERATED,
            "status": "hidden",
            "reason": "It tells how the story ends.",
            "reports": [],
            "report_count": 0,
        },
    ),
    "list-wishes": Example(answer=_page(_WISH)),
    "add-wish": Example({"tell_me": True}, _WISH),
    # Orders
    "quote-order": Example(_BASKET, _QUOTE),
    "place-order": Example(_BASKET, _PLACED),
    "get-order": Example(answer=_PAID),
    "list-orders": Example(answer=_page(_PAID)),
    "pay-order": Example({"method": "card", "card": _CARD}, _PAID),
    "cancel-order": Example({}, _order("cancelled", "cancelled", "refunded")),
    "ship-order": Example(_TRACKING, _order("shipped", "shipped", "captured", shipped_at=_AT, **_TRACKING)),
    "refund-order": Example({"reason": "lost in the post"}, _order("cancelled", "refunded", "refunded")),
    "list-payments": Example(answer=_page({**_ENTRY, "at": _AT})),
    "list-addresses": Example(answer=_page(_SAVED)),
    "create-address": Example(_ADDRESS, _SAVED),
    "update-address": Example(_ADDRESS, _SAVED),
    "correct-stock": Example({"quantity": -1, "reason": "water damage"}, {"book_id": _BOOK_ID, "stock": 2}),
    "list-movements": Example(answer=_page(_MOVEMENT)),
    "audit-orders": Example(
        answer={
            "scope": "orders",
            "at": _AT,
            "balanced": True,
            "lines": [{"name": "nothing is negative", "balanced": True, "ids": []}],
            "whole": {
                "at": _AT,
                "balanced": False,
                "lines": [
                    {"name": "catalog = orders, for every book", "balanced": True, "ids": []},
                    {"name": "search index = catalog, for every book", "balanced": False, "ids": [_BOOK_ID]},
                ],
            },
        }
    ),
}
