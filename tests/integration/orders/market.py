"""A small market for stories: sellers who supply books, buyers who order them, and a look at what came of it."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from bookstore.database import Connection, fetch_all, fetch_one
from bookstore.errors import BookstoreError
from bookstore.events.envelope import Event
from bookstore.orders.expiry import expire_orders
from bookstore.orders.idempotency import Request
from bookstore.orders.models import Basket, Paying, Shipping
from bookstore.orders.orders import get_order, place_order
from bookstore.orders.payments import pay_order
from bookstore.orders.people import Actor
from bookstore.orders.processor import PaymentProcessor
from bookstore.orders.refunds import cancel_order, refund_order
from bookstore.orders.sandbox import Sandbox
from bookstore.orders.shipments import ship_order
from bookstore.orders.sync import sync_inventory

T = TypeVar("T")
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
APPROVED, DECLINED, POOR = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0000 0000 9995"


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
        self, *items: tuple[str, int], buyer: Actor = ANN, key: str = "", at: datetime | None = None, **line: Any
    ) -> dict[str, Any]:
        """A buyer orders copies of books, to be picked up."""
        lines = [{"book_id": book_id, "quantity": quantity, **line} for book_id, quantity in items]
        basket = Basket.model_validate({"items": lines, "delivery": {"method": "pickup"}})
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

    def paid(self, *items: tuple[str, int], by: Paying | None = None) -> str:
        """A paid order of Ann's; returns its id."""
        order_id: str = self.order(*items)["id"]
        self.pay(order_id, by)
        return order_id

    def cancel(self, order_id: str, *, buyer: Actor = ANN, processor: PaymentProcessor | None = None) -> dict[str, Any]:
        """A buyer cancels."""
        return cancel_order(order_id, buyer=buyer, processor=processor or self.processor)

    def ship(self, order_id: str, *, seller: Actor = SAM, tracking: str | None = None) -> dict[str, Any]:
        """A seller ships."""
        return ship_order(order_id, Shipping(tracking=tracking), seller=seller)

    def refund(
        self, order_id: str, *, seller: Actor = SAM, key: str = "", processor: PaymentProcessor | None = None
    ) -> dict[str, Any]:
        """A seller refunds."""
        request = Request.of(seller.id, "refund-order", key or str(uuid.uuid4()), b"", target=order_id)
        return refund_order(order_id, seller=seller, request=request, processor=processor or self.processor)

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
        rows = fetch_all(self.db, "SELECT body FROM outbox WHERE type LIKE %s ORDER BY id", [kind])
        found = [Event.from_json(row["body"]) for row in rows]
        return [event for event in found if subject in (None, event.subject)]

    def count(self, table: str, condition: str = "TRUE") -> int:
        """The rows of a table that meet a condition."""
        row = fetch_one(self.db, f"SELECT COUNT(*) AS n FROM {table} WHERE {condition}")
        assert row is not None
        return int(row["n"])

    def imbalances(self) -> list[dict[str, Any]]:
        """Everything that does not add up: stock against movements, orders against both and against the money."""
        return [row for sql in _AUDIT for row in fetch_all(self.db, sql)]


_AUDIT = (
    "SELECT 'stock' AS wrong, book_id, stock, SUM(quantity) AS moved FROM inventory"
    " LEFT JOIN inventory_movements USING (book_id) GROUP BY book_id HAVING stock <> COALESCE(moved, 0)",
    "SELECT 'supplied' AS wrong, book_id, stock_supplied, SUM(IF(kind = 'received', quantity, 0)) AS received"
    " FROM inventory LEFT JOIN inventory_movements USING (book_id) GROUP BY book_id"
    " HAVING stock_supplied <> COALESCE(received, 0)",
    "SELECT 'sold' AS wrong, i.order_id, i.book_id, i.quantity, s.shipped_at, s.status, SUM(m.quantity) AS moved"
    " FROM order_items i JOIN shipments s USING (order_id, seller_id)"
    " JOIN inventory_movements m ON m.order_id = i.order_id AND m.book_id = i.book_id"
    " GROUP BY i.order_id, i.book_id HAVING moved <> -IF(s.status IN ('open', 'shipped') OR s.shipped_at IS NOT NULL,"
    " i.quantity, 0)",
    "SELECT 'money' AS wrong, o.id, o.status, p.status AS payment,"
    " due_cents + captured_cents - refunded_cents AS worth,"
    " IF(p.status IN ('declined', 'refunded'), 0, delivery_cents + (SELECT SUM(i.quantity * i.price_cents)"
    "  FROM order_items i JOIN shipments s USING (order_id, seller_id)"
    "  WHERE i.order_id = o.id AND s.status IN ('open', 'shipped'))) AS kept"
    " FROM orders o JOIN payments p ON p.order_id = o.id HAVING worth <> kept",
    "SELECT 'processor' AS wrong, p.order_id, captured_cents, c.amount_cents FROM payments p"
    " JOIN sandbox_charges c ON c.reference = p.attempt_id AND c.status = 'succeeded'"
    " WHERE captured_cents <> c.amount_cents OR refunded_cents <>"
    " (SELECT COALESCE(SUM(r.amount_cents), 0) FROM sandbox_charges r WHERE r.charge = p.attempt_id)",
    "SELECT 'version' AS wrong, o.id, version, (SELECT COUNT(*) FROM outbox WHERE type LIKE 'order.%%'"
    " AND JSON_VALUE(body, '$.subject') = o.id) AS told FROM orders o HAVING version <> told",
    "SELECT 'stuck' AS wrong, o.id, open_attempt FROM orders o JOIN payment_attempts a ON a.order_id = o.id"
    " WHERE (a.status = 'open') <> (open_attempt <=> a.id)"
    " AND (a.status = 'open' OR open_attempt = a.id)",
)
