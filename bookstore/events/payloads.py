"""The data of each type of event, checked when it is written and when it is read.

`schemas/` holds the same rules as JSON Schema, for readers in other languages; a test holds the two together. Unknown
fields are let through, so that a publisher can add one before its readers know it.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bookstore.events.envelope import Event, told

Id = Annotated[str, Field(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=0)]
Version = Annotated[int, Field(ge=1)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class _Data(BaseModel):
    model_config = ConfigDict(strict=True)


class BookData(_Data):
    """A listing as its seller wrote it; `stock_supplied` is the running sum of what was put in and taken out."""

    book_id: Id
    seller_id: Id
    seller_name: str
    title: str
    price_cents: Count
    currency: Currency
    stock_supplied: int
    version: Version


class DeletedBookData(_Data):
    """A listing that is gone."""

    book_id: Id
    seller_id: Id
    stock_supplied: int
    version: Version


class ImportData(_Data):
    """An import of which rows are to be worked off; `version` counts its steps."""

    import_id: Id
    version: Version


class StockData(_Data):
    """The copies of a book that are left to order."""

    book_id: Id
    available: Count
    version: Version


class OrderItemData(_Data):
    """One line of an order; the buyer keeps `quantity` less what was cancelled or refunded (`taken_back`)."""

    book_id: Id
    seller_id: Id
    quantity: Version
    price_cents: Count
    title: str
    taken_back: Count = 0


class ShipmentData(_Data):
    """The seller whose part of the order the event is about."""

    seller_id: Id


class PaymentData(_Data):
    """What became of an order's money: `captured`, or `due` while some of it is only promised, and so on."""

    status: str


class OrderData(_Data):
    """An order after a change; `shipment` tells the seller whose part was shipped or refunded, wholly or by copies."""

    order_id: Id
    buyer_id: Id
    status: str
    items: Annotated[list[OrderItemData], Field(min_length=1)]
    total_cents: Count
    currency: Currency
    version: Version
    shipment: ShipmentData | None = None
    payment: PaymentData | None = None


class WishData(_Data):
    """A book that somebody waits for, and that is to be had again; `title` and price are those of the listing."""

    user_id: Id
    book_id: Id
    title: str
    price_cents: Count
    currency: Currency


class UserData(_Data):
    """A person whose account is gone."""

    user_id: Id


class NameData(_Data):
    """What a person is called from now on; `version` counts their names."""

    user_id: Id
    name: str
    version: Version


class ActData(_Data):
    """What an admin did to what is not theirs: a verb and a noun, and what it was done to."""

    admin_id: Id
    admin_name: str
    act: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    target_kind: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
    target_id: Id
    details: dict[str, Any]


DATA_OF: dict[str, type[_Data]] = {
    "book.created": BookData,
    "book.updated": BookData,
    "book.deleted": DeletedBookData,
    "import.due": ImportData,
    "stock.changed": StockData,
    "order.placed": OrderData,
    "order.paid": OrderData,
    "order.shipped": OrderData,
    "order.cancelled": OrderData,
    "order.refunded": OrderData,
    "order.expired": OrderData,
    "wish.available": WishData,
    "user.renamed": NameData,
    "user.deleted": UserData,
    "catalog.administered": ActData,
    "orders.administered": ActData,
}


def check(event: Event) -> None:
    """Raise ValueError unless the type is known and the data are what it promises."""
    if event.type not in DATA_OF:
        raise ValueError(f"There is no type of event {event.type!r}.")
    try:
        DATA_OF[event.type].model_validate(event.data)
    except ValidationError as error:
        raise ValueError(f"{event.type}: {told(error)}") from None
