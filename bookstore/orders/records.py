"""Orders as they are kept: one aggregate of an order's rows, and the statements that read and write it."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from bookstore.clock import utc
from bookstore.database import Connection, Row, execute, execute_many, fetch_all, fetch_one
from bookstore.orders.balance import Balance
from bookstore.orders.tax import UNTAXED, Tax


@dataclass(frozen=True)
class Item:
    """A book of an order, as it was when it was ordered."""

    book_id: str
    seller_id: str
    title: str
    quantity: int
    price_cents: int
    taken_back: int = 0
    """Copies that were cancelled or refunded."""
    restocked: int = 0
    """Those among them that went back into the stock."""

    @property
    def kept(self) -> int:
        """The copies that the buyer still has or waits for."""
        return self.quantity - self.taken_back


@dataclass(frozen=True)
class Return:
    """Copies of an order's book that are taken back; `restock` says whether they go back into the stock."""

    book_id: str
    quantity: int
    restock: bool


@dataclass(frozen=True)
class Shipment:
    """A seller's part of an order."""

    seller_id: str
    status: str
    at: datetime
    tracking: str | None = None
    carrier: str | None = None
    tracking_url: str | None = None
    shipped_at: datetime | None = None
    goodwill_cents: int = 0
    """What was given back though the buyer keeps the copies."""


class Step(NamedTuple):
    """When an order came to a status, or one seller's part of it did."""

    status: str
    at: datetime
    seller_id: str | None = None


@dataclass(frozen=True)
class Payment:
    """What became of an order's money; `attempt_id` is how the processor knows the payment."""

    method: str
    status: str
    balance: Balance
    attempt_id: str | None = None
    brand: str | None = None
    last4: str | None = None

    @property
    def by_processor(self) -> bool:
        """Whether the processor has the money."""
        return self.attempt_id is not None and self.status != "declined"


@dataclass(frozen=True)
class Order:
    """An order with all its rows. `open_attempt` is the payment or refund that is on its way."""

    id: str
    buyer_id: str
    buyer_name: str
    status: str
    delivery_method: str
    address: Mapping[str, Any] | None
    delivery_cents: int
    currency: str
    created_at: datetime
    expires_at: datetime
    items: Sequence[Item]
    shipments: Sequence[Shipment]
    history: Sequence[Step]
    tax: Tax = UNTAXED
    payment: Payment | None = None
    open_attempt: str | None = None
    version: int = 1
    record_since: datetime | None = None
    """When the money came of an order that is kept as a record only, because its buyer left."""

    @property
    def total_cents(self) -> int:
        """What the buyer pays: all items and their delivery, with tax."""
        return self._total[0]

    @property
    def tax_cents(self) -> int:
        """The tax in the total, rounded for each seller's part, which is a sale of its own, and for the delivery."""
        return self._total[1]

    @property
    def delivery_price(self) -> int:
        """What the delivery costs, with tax."""
        return self.tax.price(self.delivery_cents)

    @cached_property
    def sellers(self) -> frozenset[str]:
        """Who sells in this order."""
        return frozenset(shipment.seller_id for shipment in self.shipments)

    @property
    def shipped(self) -> bool:
        """Whether something of it was shipped, even if it was refunded later."""
        return any(shipment.shipped_at for shipment in self.shipments)

    def part(self, seller_id: str) -> Shipment:
        """A seller's part."""
        return next(shipment for shipment in self.shipments if shipment.seller_id == seller_id)

    def sent_by(self, seller_id: str) -> bool:
        """Whether a seller has shipped the own part, or is to."""
        part = self.part(seller_id)
        return bool(part.shipped_at) or (self.status == "paid" and part.status == "open")

    def worth(self, seller_id: str) -> int:
        """What a seller's items cost as they were ordered, in cents, tax on top left out."""
        return sum(item.price_cents * item.quantity for item in self._of(seller_id))

    def kept_price(self, seller_id: str) -> int:
        """What the copies of a seller that the buyer keeps cost, with tax, less what was given back nevertheless."""
        price = self.tax.price(sum(item.price_cents * item.kept for item in self._of(seller_id)))
        return max(0, price - self.part(seller_id).goodwill_cents)

    def paid_price(self, seller_id: str) -> int:
        """What of a seller's kept price the buyer has paid already: cash is collected at shipping."""
        if self.payment is None or not (self.payment.by_processor or self.part(seller_id).shipped_at):
            return 0
        return self.kept_price(seller_id)

    def keeps(self, *sellers: str) -> bool:
        """Whether the buyer keeps a copy of the sellers' items, of all items if none are named."""
        return any(item.kept for seller in sellers or self.sellers for item in self._of(seller))

    def kept_items(self, sellers: Collection[str]) -> list[Item]:
        """The items of some sellers of which the buyer keeps a copy."""
        return [item for item in self.items if item.seller_id in sellers and item.kept]

    def without(self, returns: Iterable[Return]) -> "Order":
        """The order with some copies taken back."""
        back = {each.book_id: each for each in returns}
        return replace(self, items=[_less(item, back.get(item.book_id)) for item in self.items])

    def in_status(self, *statuses: str) -> list[Shipment]:
        """The shipments that are in one of the statuses."""
        return [shipment for shipment in self.shipments if shipment.status in statuses]

    @cached_property
    def _total(self) -> tuple[int, int]:
        return self.tax.total([*map(self.worth, self.sellers), self.delivery_cents])

    def _of(self, seller_id: str) -> Iterator[Item]:
        return (item for item in self.items if item.seller_id == seller_id)


def _less(item: Item, back: Return | None) -> Item:
    if back is None:
        return item
    restocked = item.restocked + (back.quantity if back.restock else 0)
    return replace(item, taken_back=item.taken_back + back.quantity, restocked=restocked)


_KEPT = (
    "id, buyer_id, buyer_name, status, delivery_method, address, delivery_cents, total_cents, currency, "
    "created_at, expires_at, version, tax_basis_points, tax_included, tax_cents"
)


def insert(db: Connection, order: Order) -> None:
    """Record a new order."""
    execute(
        db,
        f"INSERT INTO orders ({_KEPT}) VALUES ({', '.join(['%s'] * 15)})",  # noqa: S608 - our own column names
        [
            *(order.id, order.buyer_id, order.buyer_name, order.status, order.delivery_method),
            None if order.address is None else json.dumps(order.address),
            *(order.delivery_cents, order.total_cents, order.currency),
            *(order.created_at, order.expires_at, order.version),
            *(order.tax.basis_points, order.tax.included, order.tax_cents),
        ],
    )
    execute_many(
        db,
        "INSERT INTO order_items (order_id, position, book_id, seller_id, title, quantity, price_cents)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            (order.id, position, item.book_id, item.seller_id, item.title, item.quantity, item.price_cents)
            for position, item in enumerate(order.items)
        ],
    )
    execute_many(
        db,
        "INSERT INTO shipments (order_id, seller_id, status, at) VALUES (%s, %s, %s, %s)",
        [(order.id, shipment.seller_id, shipment.status, shipment.at) for shipment in order.shipments],
    )
    add_history(db, order.id, *order.history)


def add_history(db: Connection, order_id: str, *steps: Step) -> None:
    """Note what happened to an order or to parts of it."""
    execute_many(
        db,
        "INSERT INTO order_history (order_id, status, at, seller_id) VALUES (%s, %s, %s, %s)",
        [(order_id, *step) for step in steps],
    )


def take_items_back(db: Connection, order_id: str, returns: Sequence[Return]) -> bool:
    """Note that copies of an order were taken back; False when one of them is no longer there to be."""
    cases = " ".join(["WHEN %s THEN %s"] * len(returns))
    copies = [value for back in returns for value in (back.book_id, back.quantity)]
    restocked = [value for back in returns for value in (back.book_id, back.quantity * back.restock)]
    changed = execute(
        db,
        f"UPDATE order_items SET taken_back = taken_back + CASE book_id {cases} END,"  # noqa: S608
        f" restocked = restocked + CASE book_id {cases} END"
        f" WHERE order_id = %s AND book_id IN %s AND taken_back + CASE book_id {cases} END <= quantity",
        [*copies, *restocked, order_id, [back.book_id for back in returns], *copies],
    )
    return changed == len(returns)


def save_payment(db: Connection, order_id: str, payment: Payment) -> None:
    """Record what became of an order's money."""
    money = payment.balance
    execute(
        db,
        "REPLACE INTO payments (order_id, attempt_id, method, status, brand, last4,"
        " due_cents, captured_cents, refunded_cents) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(order_id, payment.attempt_id, payment.method, payment.status, payment.brand, payment.last4),
            *(money.due, money.captured, money.refunded),
        ],
    )


def load(db: Connection, order_id: str) -> Order | None:
    """Read an order."""
    return next(iter(load_many(db, [order_id])), None)


def locked(db: Connection, order_id: str) -> Order | None:
    """Read an order, and keep others from changing it until the transaction ends."""
    fetch_one(db, "SELECT id FROM orders WHERE id = %s FOR UPDATE", [order_id])
    return load(db, order_id)


def locked_known(db: Connection, order_id: str) -> Order:
    """Read and lock an order that exists: orders are never deleted."""
    order = locked(db, order_id)
    assert order is not None, f"order {order_id} has gone"
    return order


def load_many(db: Connection, order_ids: Sequence[str]) -> list[Order]:
    """Read orders in the order of the given ids, in five statements however many they are."""
    if not order_ids:
        return []
    orders = {row["id"]: row for row in _rows(db, "orders", "id", order_ids)}
    items = _grouped(_rows(db, "order_items", "order_id", order_ids, "ORDER BY position"))
    shipments = _grouped(_rows(db, "shipments", "order_id", order_ids, "ORDER BY seller_id"))
    payments = _grouped(_rows(db, "payments", "order_id", order_ids))
    history = _grouped(_rows(db, "order_history", "order_id", order_ids, "ORDER BY id"))
    return [
        _order(orders[key], items[key], shipments[key], payments.get(key), history[key])
        for key in order_ids
        if key in orders
    ]


def _rows(db: Connection, table: str, column: str, keys: Sequence[str], ending: str = "") -> list[Row]:
    # Table and column are written above, never taken from a request.
    return fetch_all(db, f"SELECT * FROM {table} WHERE {column} IN %s {ending}", [list(keys)])  # noqa: S608


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["order_id"], []).append(row)
    return groups


def _order(row: Row, items: list[Row], shipments: list[Row], payments: list[Row] | None, history: list[Row]) -> Order:
    plain = ("id", "buyer_id", "buyer_name", "status", "delivery_method", "delivery_cents", "currency")
    return Order(
        **{name: row[name] for name in (*plain, "open_attempt", "version")},
        tax=Tax(row["tax_basis_points"], bool(row["tax_included"])),
        address=None if row["address"] is None else json.loads(row["address"]),
        created_at=utc(row["created_at"]),
        expires_at=utc(row["expires_at"]),
        items=[Item(**{name: item[name] for name in Item.__dataclass_fields__}) for item in items],
        shipments=[_shipment(shipment) for shipment in shipments],
        history=[Step(step["status"], utc(step["at"]), step["seller_id"]) for step in history],
        payment=_payment(payments[0]) if payments else None,
        record_since=row["record_since"] and utc(row["record_since"]),
    )


def _shipment(row: Row) -> Shipment:
    shipped_at = row["shipped_at"] and utc(row["shipped_at"])
    plain = ("seller_id", "status", "tracking", "carrier", "tracking_url", "goodwill_cents")
    return Shipment(**{name: row[name] for name in plain}, at=utc(row["at"]), shipped_at=shipped_at)


def _payment(row: Row) -> Payment:
    return Payment(
        **{name: row[name] for name in ("method", "status", "attempt_id", "brand", "last4")},
        balance=Balance(row["due_cents"], row["captured_cents"], row["refunded_cents"]),
    )
