"""An order as the API shows it: all of it, or one seller's part."""

from typing import Any

from bookstore.clock import rfc3339
from bookstore.orders.models import (
    BuyerOut,
    DeliveryOut,
    ItemOut,
    OrderOut,
    PaymentOut,
    ShipmentOut,
    StatusOut,
)
from bookstore.orders.records import Order, Payment


def view(order: Order, seller_id: str | None = None) -> dict[str, Any]:
    """The order as JSON; with `seller_id`, that seller's part of it, which has no delivery price and no card."""
    mine = order.sellers if seller_id is None else {seller_id}
    shown = OrderOut(
        id=order.id,
        status=order.status,  # type: ignore[arg-type]
        buyer=BuyerOut(id=order.buyer_id, name=order.buyer_name),
        items=[ItemOut.model_validate(item, from_attributes=True) for item in order.items if item.seller_id in mine],
        shipments=[
            ShipmentOut(
                seller_id=part.seller_id,
                status=part.status,  # type: ignore[arg-type]
                tracking=part.tracking,
                at=rfc3339(part.at),
            )
            for part in order.shipments
            if part.seller_id in mine
        ],
        delivery=DeliveryOut.model_validate({"method": order.delivery_method, "address": order.address}),
        delivery_cents=order.delivery_cents if seller_id is None else 0,
        total_cents=order.total_cents if seller_id is None else order.worth(mine),
        currency=order.currency,
        payment=_payment(order.payment, with_card=seller_id is None) if order.payment else None,
        expires_at=rfc3339(order.expires_at) if order.status == "pending" else None,
        history=[StatusOut(status=status, at=rfc3339(at)) for status, at in order.history],
        created_at=rfc3339(order.created_at),
    )
    return shown.model_dump(mode="json", exclude_none=True)


def _payment(payment: Payment, *, with_card: bool) -> PaymentOut:
    card = {"brand": payment.brand, "last4": payment.last4} if with_card else {}
    return PaymentOut.model_validate({"method": payment.method, "status": payment.status, **card})
