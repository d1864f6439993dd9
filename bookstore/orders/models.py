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
    """How an order goes to its buyer."""

    method: Literal["standard", "express", "pickup"]
    address: Annotated[Address | None, Field(validate_default=True)] = None

    @field_validator("address")
    @classmethod
    def _where_to(cls, address: Address | None, info: ValidationInfo) -> Address | None:
        if address is None and info.data.get("method") in {"standard", "express"}:
            raise ValueError("is required unless the order is picked up")
        return address


class Basket(Input):
    """An order to be placed. A book may be in several lines; their copies are added up."""

    items: Annotated[list[BasketLine], Field(min_length=1)]
    delivery: Delivery

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
    """A seller's word that their part is on its way."""

    tracking: Annotated[Name, StringConstraints(max_length=100)] | None = None


class OrdersQuery(Input):
    """Which orders to list: those one bought, those one sold in, or, for an admin, all of them."""

    role: Literal["buyer", "seller", "admin"] = "buyer"
    cursor: Id | None = None
    limit: Limit = 20


class ItemOut(BaseModel):
    """A book of an order, at the price it was ordered for."""

    book_id: str
    title: str
    quantity: int
    price_cents: int
    seller_id: str


class ShipmentOut(BaseModel):
    """A seller's part of an order."""

    seller_id: str
    status: Literal["open", "shipped", "cancelled", "refunded"]
    tracking: str | None = None
    at: Timestamp


class PaymentOut(BaseModel):
    """What may be shown of a payment."""

    method: Literal["card", "pse", "cash_on_delivery"]
    status: Literal["captured", "due", "partially_refunded", "refunded", "declined"]
    brand: str | None = None
    last4: str | None = None


class StatusOut(BaseModel):
    """When an order came to a status."""

    status: str
    at: Timestamp


class BuyerOut(BaseModel):
    """Who ordered."""

    id: str
    name: str


class DeliveryOut(BaseModel):
    """How an order goes to its buyer; the address is forgotten when the buyer's account is gone."""

    method: Literal["standard", "express", "pickup"]
    address: Address | None = None


class OrderOut(BaseModel):
    """An order as its buyer sees it; a seller sees the own items and shipment and their total."""

    id: str
    status: Literal["pending", "paid", "shipped", "cancelled", "expired"]
    buyer: BuyerOut
    items: list[ItemOut]
    shipments: list[ShipmentOut]
    delivery: DeliveryOut
    delivery_cents: int
    total_cents: int
    currency: str
    payment: PaymentOut | None = None
    expires_at: Timestamp | None = None
    history: list[StatusOut]
    created_at: Timestamp


class OrdersOut(BaseModel):
    """A page of orders, the newest first."""

    items: list[OrderOut]
    next_cursor: str | None
