"""An order as the API shows it: all of it, or one seller's part."""

from dataclasses import asdict
from typing import Any

from bookstore.clock import rfc3339
from bookstore.orders.models import (
    Address,
    BuyerOut,
    DeliveryOut,
    ItemOut,
    OrderOut,
    PaymentOut,
    ShipmentOut,
    StatusOut,
    TaxOut,
)
from bookstore.orders.records import Item, Order, Payment, Shipment


def view(order: Order, seller_id: str | None = None) -> dict[str, Any]:
    """The order as JSON; with `seller_id`, that seller's part of it, which has no delivery price and no card.

    Where it goes is no business of sellers who do not ship it: they are told the country until they have to. A record
    of somebody who left names them to admins alone.
    """
    whole = seller_id is None
    named = whole or order.record_since is None
    mine = order.sellers if whole else {seller_id}
    total, tax = (
        (order.total_cents, order.tax_cents) if seller_id is None else order.tax.total([order.worth(seller_id)])
    )
    shown = OrderOut(
        id=order.id,
        status=order.status,  # type: ignore[arg-type]
        buyer=BuyerOut(id=order.buyer_id, name=order.buyer_name if named else ""),
        items=[_item(item) for item in order.items if item.seller_id in mine],
        shipments=[_shipment(order, part) for part in order.shipments if part.seller_id in mine],
        delivery=_delivery(order, told=seller_id is None or (named and order.sent_by(seller_id))),
        delivery_cents=order.delivery_cents if whole else 0,
        tax=TaxOut(basis_points=order.tax.basis_points, included=order.tax.included, cents=tax),
        total_cents=total,
        currency=order.currency,
        payment=_payment(order.payment, whole=whole) if order.payment else None,
        expires_at=rfc3339(order.expires_at) if order.status == "pending" else None,
        history=_history(order, None),
        created_at=rfc3339(order.created_at),
    )
    return shown.model_dump(mode="json", exclude_none=True)


def _delivery(order: Order, *, told: bool) -> DeliveryOut:
    address, method = order.address or {}, order.delivery_method
    # Of an address that was erased the country is left.
    if told and "name" in address:
        return DeliveryOut(method=method, address=Address.model_validate(address))  # type: ignore[arg-type]
    return DeliveryOut(method=method, country=address.get("country"))  # type: ignore[arg-type]


def _item(item: Item) -> ItemOut:
    told = ItemOut.model_validate(item, from_attributes=True)
    return told if item.taken_back else told.model_copy(update={"taken_back": None})


def _shipment(order: Order, part: Shipment) -> ShipmentOut:
    shipped_at = part.shipped_at and rfc3339(part.shipped_at)
    told = {"at": rfc3339(part.at), "shipped_at": shipped_at, "goodwill_cents": part.goodwill_cents or None}
    return ShipmentOut.model_validate(asdict(part) | told | {"history": _history(order, part.seller_id)})


def _history(order: Order, seller_id: str | None) -> list[StatusOut]:
    """What happened to one seller's part alone, or to the order as such."""
    steps = [step for step in order.history if step.seller_id == seller_id]
    return [StatusOut(status=step.status, at=rfc3339(step.at)) for step in steps]


def _payment(payment: Payment, *, whole: bool) -> PaymentOut:
    money = {f"{name}_cents": cents for name, cents in asdict(payment.balance).items()}
    private = {"brand": payment.brand, "last4": payment.last4, **money} if whole else {}
    return PaymentOut.model_validate({"method": payment.method, "status": payment.status, **private})
