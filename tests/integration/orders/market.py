"""A small market for stories: sellers who supply books, buyers who order them, and a look at what came of it."""

import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from bookstore.clock import now
from bookstore.database import Connection, fetch_one
from bookstore.errors import BookstoreError
from bookstore.events.envelope import Event
from bookstore.fields import NumberedQuery
from bookstore.orders.audit import CHECKS
from bookstore.orders.corrections import correct_stock
from bookstore.orders.expiry import expire_orders
from bookstore.orders.idempotency import Request
from bookstore.orders.ledger import list_payments
from bookstore.orders.models import Basket, Correction, Paying, Refunding, Shipping
from bookstore.orders.orders import get_order, place_order
from bookstore.orders.payments import pay_order
from bookstore.orders.people import Actor
from bookstore.orders.processor import PaymentProcessor
from bookstore.orders.refunds import cancel_order, refund_order
from bookstore.orders.sandbox import Sandbox
from bookstore.orders.shipments import ship_order
from bookstore.orders.sync import sync_inventory
from bookstore.proofs import Check, Line, prove
from tests.integration.outbox import told

T = TypeVar("T")
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
APPROVED, DECLINED, POOR = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0000 0000 9995"

ADDRESS = {"name": "Ann", "line1": "1 High St", "city": "London", "country": "United Kingdom"}


def person(name: str, role: str = "user") -> Actor:
    """Somebody whose id is their name."""
    return Actor(name, name.title(), role, TRACE)


ANN, SAM, SUE, ADMIN = person("ann"), person("sam"), person("sue"), person("root", "admin")


def card(number: str = APPROVED) -> Paying:
    """Paying with a test card."""
    details = {"number": number, "expiry": "12/60", "cvc": "123", "name": "Ann Smith"}
    return Paying.model_validate({"method": "card", "card": details})


def cash() -> Paying:
    """Paying at the door."""
    return Paying(method="cash_on_delivery")


def book_event(kind: str, book_id: str, version: int, supplied: int, **changes: Any) -> Event:
    """What the catalog tells of a book."""
    data: dict[str, Any] = {"book_id": book_id, "seller_id": "sam", "stock_supplied": supplied, "version": version}
    if kind != "deleted":
        data |= {"seller_name": "Sam", "title": f"Title of {book_id}", "price_cents": 1000, "currency": "USD"}
    return Event(type=f"book.{kind}", subject=book_id, version=version, data=data | changes, trace=TRACE)


def together(count: int, act: Callable[[int], T]) -> list[T | BookstoreError]:
    """Do the same thing in as many threads at once; return what each got, an answer or an error."""

    def safely(number: int) -> T | BookstoreError:
        try:
            return act(number)
        except BookstoreError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(safely, range(count)))


@dataclass
class Market:
    """The orders domain with its database."""

    db: Connection
    processor: PaymentProcessor = field(default_factory=Sandbox)

    def supply(self, book_id: str, copies: int, *, seller: Actor = SAM, price_cents: int = 1000) -> None:
        """A seller lists a new book."""
        sync_inventory(book_event("created", book_id, 1, copies, seller_id=seller.id, price_cents=price_cents))

    def order(
        self,
        *items: tuple[str, int],
        buyer: Actor = ANN,
        key: str = "",
        at: datetime | None = None,
        address: Mapping[str, str] | None = None,
        **line: Any,
    ) -> dict[str, Any]:
        """A buyer orders copies of books, to be picked up unless they go to an address."""
        lines = [{"book_id": book_id, "quantity": quantity, **line} for book_id, quantity in items]
        delivery = {"method": "standard", "address": address} if address else {"method": "pickup"}
        basket = Basket.model_validate({"items": lines, "delivery": delivery})
        return self.place(basket, buyer=buyer, key=key, at=at)

    def place(self, basket: Basket, *, buyer: Actor = ANN, key: str = "", at: datetime | None = None) -> dict[str, Any]:
        """A buyer orders a basket."""
        request = Request.of(buyer.id, "place-order", key or str(uuid.uuid4()), basket.model_dump_json().encode())
        return place_order(basket, buyer=buyer, request=request, at=at)

    def pay(
        self,
        order_id: str,
        paying: Paying | None = None,
        *,
        buyer: Actor = ANN,
        key: str = "",
        at: datetime | None = None,
        processor: PaymentProcessor | None = None,
    ) -> dict[str, Any]:
        """A buyer pays, by an approved card if nothing else is said."""
        paying = paying or card()
        body = repr((paying.method, paying.card and paying.card.number.get_secret_value())).encode()
        request = Request.of(buyer.id, "pay-order", key or str(uuid.uuid4()), body, target=order_id)
        used = processor or self.processor
        return pay_order(order_id, paying, buyer=buyer, request=request, processor=used, at=at)

    def paid(self, *items: tuple[str, int], by: Paying | None = None, address: Mapping[str, str] | None = None) -> str:
        """A paid order of Ann's; returns its id."""
        order_id: str = self.order(*items, address=address)["id"]
        self.pay(order_id, by)
        return order_id

    def cancel(self, order_id: str, *, buyer: Actor = ANN, processor: PaymentProcessor | None = None) -> dict[str, Any]:
        """A buyer cancels."""
        return cancel_order(order_id, buyer=buyer, processor=processor or self.processor)

    def ship(self, order_id: str, *, seller: Actor = SAM, **parcel: str) -> dict[str, Any]:
        """A seller ships."""
        return ship_order(order_id, Shipping(**parcel), seller=seller)

    def refund(
        self,
        order_id: str,
        *items: tuple[str, int],
        seller: Actor = SAM,
        key: str = "",
        processor: PaymentProcessor | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """A seller refunds copies of books, or without any all of their part."""
        lines = [{"book_id": book_id, "quantity": quantity} for book_id, quantity in items] or None
        refunding = Refunding.model_validate({"items": lines, **more})
        body = refunding.model_dump_json().encode()
        request = Request.of(seller.id, "refund-order", key or str(uuid.uuid4()), body, target=order_id)
        return refund_order(order_id, refunding, seller=seller, request=request, processor=processor or self.processor)

    def correct(
        self, book_id: str, quantity: int, reason: str = "counted", *, seller: Actor = SAM, key: str = ""
    ) -> int:
        """A seller counts again; returns what is left."""
        body = f"{quantity} {reason}".encode()
        request = Request.of(seller.id, "correct-stock", key or str(uuid.uuid4()), body, target=book_id)
        correction = Correction(quantity=quantity, reason=reason)
        stock: int = correct_stock(book_id, correction, seller=seller, request=request)["stock"]
        return stock

    def ledger(self, order_id: str, *, reader: Actor = ANN) -> list[tuple[str, int, str | None]]:
        """The movements of an order's money: kind, cents, whose part."""
        items = list_payments(order_id, NumberedQuery(limit=100), reader=reader)["items"]
        return [(entry["kind"], entry["cents"], entry.get("seller_id")) for entry in items]

    def time_passes(self, at: datetime, processor: PaymentProcessor | None = None) -> dict[str, int]:
        """The timer of expire-orders fires at a moment."""
        return expire_orders(processor=processor or self.processor, by=Actor.timer(TRACE), at=at)

    def seen(self, order_id: str, *, reader: Actor = ANN) -> dict[str, Any]:
        """The order as somebody sees it now."""
        return get_order(order_id, reader=reader)

    def left(self, book_id: str) -> int:
        """The copies of a book that are left."""
        row = fetch_one(self.db, "SELECT stock FROM inventory WHERE book_id = %s", [book_id])
        assert row is not None
        return int(row["stock"])

    def events(self, kind: str = "%", *, subject: str | None = None) -> list[Event]:
        """The events written so far, of a type or of all."""
        return [event for event in told(self.db, kind) if subject in (None, event.subject)]

    def count(self, table: str, condition: str = "TRUE") -> int:
        """The rows of a table that meet a condition."""
        row = fetch_one(self.db, f"SELECT COUNT(*) AS n FROM {table} WHERE {condition}")
        assert row is not None
        return int(row["n"])

    def imbalances(self) -> list[Line]:
        """Everything that does not add up: stock against movements, orders against both and against the money."""
        lines = prove(self.db, (*CHECKS, _EVERY_VERSION_IS_TOLD), at=now())
        return [line for line in lines if not line.balanced]


# In the tests nothing deletes what was published.
_EVERY_VERSION_IS_TOLD = Check(
    "every version of an order is told",
    "SELECT o.id FROM orders o WHERE version <> (SELECT COUNT(*) FROM outbox WHERE type LIKE 'order.%%'"
    " AND JSON_VALUE(body, '$.subject') = o.id)",
)
