"""What the API of orders takes and gives, with every limit."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr, StringConstraints, field_validator
from pydantic_core.core_schema import ValidationInfo

from bookstore.clock import now
from bookstore.fields import Id, Input, Limit, Timestamp, Whole
from bookstore.orders import cards
from bookstore.text import Name, OneLine

MAX_BOOKS = 50
MAX_COPIES = 99
_LINK = r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][!-~]*)?$"

Method = Literal["standard", "express", "pickup"]
Reason = Annotated[Name, StringConstraints(max_length=100)]
"""Why a seller did something, in a few words."""


class BasketLine(Input):
    """A book of a basket; with `price_cents`, the most that the buyer agreed to pay for a copy."""

    book_id: Id
    quantity: Annotated[Whole, Field(ge=1, le=MAX_COPIES)]
    price_cents: Annotated[Whole, Field(ge=0, le=10**9)] | None = None


class Address(Input):
    """Where an order goes."""

    name: Name
    line1: Name
    line2: Annotated[OneLine, StringConstraints(max_length=200)] | None = None
    city: Name
    postal_code: Annotated[OneLine, StringConstraints(max_length=20)] | None = None
    country: Annotated[Name, StringConstraints(max_length=60)]


class Delivery(Input):
    """How an order goes to its buyer: to an address, or to one of the buyer's saved ones."""

    method: Method
    address_id: Id | None = None
    address: Annotated[Address | None, Field(validate_default=True)] = None

    @field_validator("address")
    @classmethod
    def _where_to(cls, address: Address | None, info: ValidationInfo) -> Address | None:
        saved = info.data.get("address_id") is not None
        if address is None and not saved and info.data.get("method") in {"standard", "express"}:
            raise ValueError("is required unless the order is picked up")
        if address is not None and saved:
            raise ValueError("is not wanted beside address_id")
        return address


class Inquired(Input):
    """How an order would go to its buyer; the price does not depend on where."""

    method: Method
    address_id: Id | None = None
    address: Address | None = None


class Lines(Input):
    """What a buyer has in mind. A book may be in several lines; their copies are added up."""

    items: Annotated[list[BasketLine], Field(min_length=1)]

    @field_validator("items")
    @classmethod
    def _not_too_many(cls, items: list[BasketLine]) -> list[BasketLine]:
        copies: dict[str, int] = {}
        for line in items:
            copies[line.book_id] = copies.get(line.book_id, 0) + line.quantity
        if len(copies) > MAX_BOOKS:
            raise ValueError(f"must not hold more than {MAX_BOOKS} different books")
        if max(copies.values()) > MAX_COPIES:
            raise ValueError(f"must not hold more than {MAX_COPIES} copies of a book")
        return items


class Basket(Lines):
    """An order to be placed."""

    delivery: Delivery


class Inquiry(Lines):
    """An order that may be placed; without a delivery, only the price of every way is told."""

    delivery: Inquired | None = None


class Card(Input):
    """A payment card. Number and code never leave this object but for the processor."""

    number: SecretStr
    expiry: Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])/[0-9]{2}$")]
    cvc: SecretStr
    name: Name

    @field_validator("number")
    @classmethod
    def _checked_number(cls, number: SecretStr) -> SecretStr:
        return SecretStr(cards.digits(number.get_secret_value()))

    @field_validator("cvc")
    @classmethod
    def _checked_code(cls, cvc: SecretStr) -> SecretStr:
        code = cvc.get_secret_value()
        if not (code.isascii() and code.isdecimal() and len(code) in {3, 4}):
            raise ValueError("must be 3 or 4 digits")
        return cvc

    @field_validator("expiry")
    @classmethod
    def _still_good(cls, expiry: str) -> str:
        if cards.expired(expiry, now()):
            raise ValueError("is past: the card has expired")
        return expiry

    @property
    def brand(self) -> str:
        """The card network."""
        return cards.brand(self.number.get_secret_value())

    @property
    def last4(self) -> str:
        """The digits that may be kept and shown."""
        return self.number.get_secret_value()[-4:]


class Paying(Input):
    """How an order is to be paid."""

    method: Literal["card", "pse", "cash_on_delivery"]
    card: Annotated[Card | None, Field(validate_default=True)] = None

    @field_validator("card")
    @classmethod
    def _with_a_card_only(cls, card: Card | None, info: ValidationInfo) -> Card | None:
        method = info.data.get("method")
        if method == "card" and card is None:
            raise ValueError("is required to pay by card")
        if method in {"pse", "cash_on_delivery"} and card is not None:
            raise ValueError("is not wanted with this method")
        return card


class Shipping(Input):
    """A seller's word that their part is on its way; said again, how it can really be followed.

    An admin ships every open part, or with `seller_id` that seller's; a parcel with a number is of one of them.
    """

    seller_id: Id | None = None
    tracking: Annotated[Name, StringConstraints(max_length=100)] | None = None
    carrier: Annotated[Name, StringConstraints(max_length=60)] | None = None
    # A page that a buyer's browser may be led to.
    tracking_url: Annotated[str, StringConstraints(max_length=500, pattern=_LINK)] | None = None


class RefundedLine(Input):
    """Copies of a book that are refunded."""

    book_id: Id
    quantity: Annotated[Whole, Field(ge=1, le=MAX_COPIES)]


class Refunding(Input):
    """What a seller refunds: some copies, or without `items` all of their part that is left.

    Or `amount_cents`, tax included, while the buyer keeps all copies: for a late parcel, or for what its delivery cost.
    `restock` says whether the copies go back into the stock; by default those do that were not shipped yet. An admin
    refunds every part, or with `seller_id` that seller's.
    """

    seller_id: Id | None = None
    items: Annotated[list[RefundedLine], Field(min_length=1, max_length=MAX_BOOKS)] | None = None
    amount_cents: Annotated[Whole, Field(ge=1, le=10**13)] | None = None
    restock: bool | None = None
    reason: Reason | None = None

    @field_validator("items")
    @classmethod
    def _each_once(cls, items: list[RefundedLine] | None) -> list[RefundedLine] | None:
        if items is not None and len({line.book_id for line in items}) < len(items):
            raise ValueError("must name every book once")
        return items

    @field_validator("amount_cents")
    @classmethod
    def _without_copies(cls, amount_cents: int | None, info: ValidationInfo) -> int | None:
        if amount_cents is not None and info.data.get("items") is not None:
            raise ValueError("is not wanted beside items")
        return amount_cents

    @field_validator("restock")
    @classmethod
    def _of_copies(cls, restock: bool | None, info: ValidationInfo) -> bool | None:
        if restock is not None and info.data.get("amount_cents") is not None:
            raise ValueError("is not wanted beside amount_cents")
        return restock


class Correction(Input):
    """Copies that a seller found (positive) or misses (negative), and why."""

    quantity: Annotated[Whole, Field(ge=-(10**6), le=10**6)]
    reason: Reason

    @field_validator("quantity")
    @classmethod
    def _something(cls, quantity: int) -> int:
        if quantity == 0:
            raise ValueError("must not be 0")
        return quantity


_OF_ORDERS = ("pending", "paid", "shipped", "cancelled", "expired")
_OF_PARTS = ("open", "paid", "shipped", "cancelled", "refunded")


class OrdersQuery(Input):
    """Which orders to list: those one bought, those one sold in, or, for an admin, all of them.

    `status` is that of the order; with the role `seller` that of the own part, `paid` being what is to be shipped now.
    """

    role: Literal["buyer", "seller", "admin"] = "buyer"
    status: Literal["pending", "paid", "open", "shipped", "cancelled", "refunded", "expired"] | None = None
    cursor: Id | None = None
    limit: Limit = 20

    @field_validator("status")
    @classmethod
    def _of_the_role(cls, status: str | None, info: ValidationInfo) -> str | None:
        known = _OF_PARTS if info.data.get("role") == "seller" else _OF_ORDERS
        if "role" in info.data and status not in (None, *known):
            raise ValueError(f"must be one of {', '.join(known)} with this role")
        return status


class ItemOut(BaseModel):
    """A book of an order, at the price it was ordered for."""

    book_id: str
    title: str
    quantity: int
    price_cents: int
    seller_id: str
    taken_back: int | None = None
    """Copies that were cancelled or refunded, if any."""


class StatusOut(BaseModel):
    """When an order, or a part of it, came to a status.

    A part of which only some copies or an amount were refunded is `partially_refunded`; `tracking_corrected` is none of
    its statuses, it stays as it is.
    """

    status: str
    at: Timestamp


class ShipmentOut(BaseModel):
    """A seller's part of an order."""

    seller_id: str
    status: Literal["open", "shipped", "cancelled", "refunded"]
    tracking: str | None = None
    carrier: str | None = None
    tracking_url: str | None = None
    at: Timestamp
    """When it came to this status."""
    shipped_at: Timestamp | None = None
    """Stays when what was shipped is refunded later."""
    goodwill_cents: int | None = None
    """What was given back while the buyer keeps the copies, if anything."""
    history: list[StatusOut]
    """What happened to this part alone; a cancel or an expiry is the order's."""


class TaxOut(BaseModel):
    """The tax line; `included` says whether the prices contain the tax or it comes on top.

    Half a minor unit is rounded up, once for each seller's part and once for the delivery.
    """

    basis_points: int
    included: bool
    cents: int


class PaymentOut(BaseModel):
    """What may be shown of a payment; of its amounts a seller sees none, they are the whole order's."""

    method: Literal["card", "pse", "cash_on_delivery"]
    status: Literal["captured", "due", "partially_refunded", "refunded", "declined"]
    brand: str | None = None
    last4: str | None = None
    due_cents: int | None = None
    captured_cents: int | None = None
    refunded_cents: int | None = None


class EntryOut(BaseModel):
    """A movement of an order's money: of a seller's part, or of the delivery."""

    id: str
    kind: Literal["due", "captured", "refunded", "waived"]
    cents: int
    seller_id: str | None = None
    attempt_id: str | None = None
    actor: str
    reason: str
    at: Timestamp


class EntriesOut(BaseModel):
    """The ledger of an order's money, the oldest entry first."""

    items: list[EntryOut]
    next_cursor: str | None


class MovementOut(BaseModel):
    """A change of a book's stock: what was sold is negative."""

    id: str
    kind: Literal["received", "sold", "returned", "corrected"]
    quantity: int
    order_id: str | None = None
    actor: str
    reason: str
    at: Timestamp


class OrderMovementOut(MovementOut):
    """A change of a book's stock that an order made."""

    book_id: str


class AttemptOut(BaseModel):
    """An attempt to take an order's money or to give some back; of a card, only what may be shown."""

    id: str
    kind: Literal["pay", "refund", "cancel"]
    method: str
    brand: str | None = None
    last4: str | None = None
    amount_cents: int
    status: Literal["open", "succeeded", "declined", "voided"]
    seller_id: str | None = None
    reason: str
    at: Timestamp


class StockedOut(BaseModel):
    """A book of a seller as the orders know it, still to be had or not; `movements` is where its changes are listed."""

    book_id: str
    title: str
    price_cents: int
    available: bool
    stock: int
    stock_supplied: int
    movements: str


class StockedBooksOut(BaseModel):
    """A page of all books that a seller ever listed, the newest first."""

    items: list[StockedOut]
    next_cursor: str | None


class MovementsOut(BaseModel):
    """The changes of a book's stock, the newest first."""

    items: list[MovementOut]
    next_cursor: str | None


class StockOut(BaseModel):
    """What is left of a book after a correction."""

    book_id: str
    stock: int


class LineOut(BaseModel):
    """A statement that must hold, and the ids of that for which it does not."""

    name: str
    balanced: bool
    ids: list[str]


class WholeAuditOut(BaseModel):
    """What `make audit` last found: what must hold in every domain, and that each copy equals its source."""

    at: Timestamp
    balanced: bool
    lines: list[LineOut]


class AuditOut(BaseModel):
    """What must hold between stock, orders and money, proved from one domain's rows now; `whole` is of all domains."""

    scope: Literal["orders"]
    at: Timestamp
    balanced: bool
    lines: list[LineOut]
    whole: WholeAuditOut | None = None


class AddressOut(BaseModel):
    """A saved address."""

    id: str
    name: str
    line1: str
    line2: str | None = None
    city: str
    postal_code: str | None = None
    country: str
    created_at: Timestamp


class AddressesOut(BaseModel):
    """Somebody's saved addresses, the newest first."""

    items: list[AddressOut]
    next_cursor: str | None


class QuoteProblemOut(BaseModel):
    """Why a book cannot be ordered as wanted."""

    reason: Literal["unknown", "deleted", "sold_out", "price_changed"]
    message: str
    available: int | None = None
    seen_price_cents: int | None = None


class QuotedOut(BaseModel):
    """A book at today's price, as far as it is for sale."""

    book_id: str
    quantity: int
    title: str | None = None
    price_cents: int | None = None
    seller_id: str | None = None
    problem: QuoteProblemOut | None = None


class DeliveryPriceOut(BaseModel):
    """A way of delivery, and what the order would cost with it."""

    method: Method
    delivery_cents: int
    tax: TaxOut
    total_cents: int


class QuoteOut(BaseModel):
    """What an order would cost now; nothing is reserved. `total_cents` and `tax` are those of the delivery asked for.

    Every line counts that has a price, whether there are enough copies or not; `orderable` says whether all can be had.
    """

    items: list[QuotedOut]
    orderable: bool
    deliveries: list[DeliveryPriceOut]
    delivery_cents: int | None = None
    tax: TaxOut | None = None
    total_cents: int | None = None
    currency: str


class BuyerOut(BaseModel):
    """Who ordered."""

    id: str
    name: str


class DeliveryOut(BaseModel):
    """How an order goes to its buyer; of the address of a buyer who left, the country stays.

    Nor is a seller told more than the country before the own part is to be shipped.
    """

    method: Method
    address: Address | None = None
    country: str | None = None


class OrderOut(BaseModel):
    """An order as its buyer sees it; a seller sees the own items and shipment and their total."""

    id: str
    status: Literal["pending", "paid", "shipped", "cancelled", "expired"]
    buyer: BuyerOut
    items: list[ItemOut]
    shipments: list[ShipmentOut]
    delivery: DeliveryOut
    delivery_cents: int
    tax: TaxOut
    total_cents: int
    currency: str
    payment: PaymentOut | None = None
    expires_at: Timestamp | None = None
    history: list[StatusOut]
    created_at: Timestamp


class OrderDatumOut(OrderOut):
    """An order with all that happened to its money and to the stock; a seller sees what concerns their part."""

    payments: list[EntryOut]
    attempts: list[AttemptOut]
    movements: list[OrderMovementOut]


class OrdersDataOut(BaseModel):
    """A page of the orders that somebody has a part in, the newest first."""

    items: list[OrderDatumOut]
    next_cursor: str | None


class OrdersOut(BaseModel):
    """A page of orders, the newest first."""

    items: list[OrderOut]
    next_cursor: str | None
