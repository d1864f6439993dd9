"""Refund a seller's part of an order, or cancel all of it; money that came goes back in three steps, as in paying."""

from datetime import datetime
from typing import Any

from bookstore.clock import now
from bookstore.database import Connection, transaction
from bookstore.errors import Conflict
from bookstore.orders import attempts, records
from bookstore.orders.attempts import Attempt
from bookstore.orders.idempotency import Answer, Request, alone, begin_attempt, claim, end_attempt, keep, refusals_kept
from bookstore.orders.people import Actor, bought_by, sold_by, trace_act
from bookstore.orders.processor import Outcome, PaymentProcessor
from bookstore.orders.records import Order
from bookstore.orders.returns import reckon, take_back
from bookstore.orders.states import ORDER, movable_parts, refusal, release_order, target
from bookstore.orders.views import view


def refund_order(
    order_id: str, *, seller: Actor, request: Request, processor: PaymentProcessor, at: datetime | None = None
) -> dict[str, Any]:
    """Give the buyer the money for the seller's part back; return that part of the order as JSON.

    An admin refunds every part that is not refunded yet. What was not shipped returns to the stock.
    """
    with alone(request):
        step = refusals_kept(request, lambda db: _begin_refund(db, order_id, seller, request, at or now()))
        if isinstance(step, Attempt):
            step = _carry_out(step, processor, by=seller, at=at or now())
    return step.unwrap()


def cancel_order(
    order_id: str, *, buyer: Actor, processor: PaymentProcessor, at: datetime | None = None
) -> dict[str, Any]:
    """Cancel an order of which nothing was shipped, and give its money back; return it as JSON."""
    step = transaction("orders", lambda db: _begin_cancel(db, order_id, buyer, at or now()))
    if isinstance(step, Attempt):
        step = _carry_out(step, processor, by=buyer, at=at or now())
    return step.unwrap()


def finish(db: Connection, attempt: Attempt, outcome: Outcome, *, by: Actor, at: datetime) -> Answer:
    """Record what the processor said; an attempt that has ended already stays as it is."""
    order = records.locked_known(db, attempt.order_id)
    if attempts.end(db, attempt, outcome.status):
        if outcome.status == "succeeded":
            order = take_back(db, order, _parts(order, attempt.seller_id, attempt.kind), attempt.kind, by=by, at=at)
        else:
            release_order(db, order)
    ended = attempts.find(db, attempt.id)
    return end_attempt(db, attempt.id, _answer(ended, order))


def _begin_refund(db: Connection, order_id: str, seller: Actor, request: Request, at: datetime) -> Answer | Attempt:
    known = claim(db, request)
    if known.answer:
        return known.answer
    if known.attempt_id:
        return attempts.find(db, known.attempt_id)
    order, part = sold_by(seller, records.locked(db, order_id))
    sellers = movable_parts(order, part, "refund")
    trace_act(db, "refund_order", order, part, by=seller)
    step = _begin(db, order, sellers, "refund", part, by=seller, at=at)
    if isinstance(step, Answer):
        return keep(db, request, step)
    begin_attempt(db, request, step.id)
    return step


def _begin_cancel(db: Connection, order_id: str, buyer: Actor, at: datetime) -> Answer | Attempt:
    order = bought_by(buyer, records.locked(db, order_id))
    if order.open_attempt or not target(ORDER, order.status, "cancel"):
        raise refusal(order, "cancel")
    if any(part.shipped_at for part in order.shipments):
        raise Conflict("A part of the order was shipped, so it can't be cancelled.", order_status=order.status)
    return _begin(db, order, _parts(order, None, "cancel"), "cancel", None, by=buyer, at=at)


def _begin(
    db: Connection, order: Order, sellers: list[str], kind: str, part: str | None, *, by: Actor, at: datetime
) -> Answer | Attempt:
    payment, cents = order.payment, reckon(order, sellers).refunded
    if order.status == "pending" or payment is None or payment.attempt_id is None or cents == 0:
        # Nothing went through the processor: cash goes from hand to hand.
        return Answer(200, view(take_back(db, order, sellers, kind, by=by, at=at), part))
    attempt = Attempt.new(order, kind, cents, by=by.id, method=payment.method, seller_id=part)
    return attempts.begin(db, order, attempt, at=at)


def _carry_out(attempt: Attempt, processor: PaymentProcessor, *, by: Actor, at: datetime) -> Answer:
    charge = transaction("orders", lambda db: records.locked_known(db, attempt.order_id).payment)
    assert charge is not None, "only what was paid is refunded by the processor"
    outcome = processor.refund(attempt.id, charge=charge.attempt_id or "", amount_cents=attempt.amount_cents)
    return transaction("orders", lambda db: finish(db, attempt, outcome, by=by, at=at))


def _parts(order: Order, seller_id: str | None, kind: str) -> list[str]:
    statuses = ("open",) if kind == "cancel" else ("open", "shipped")
    return [part.seller_id for part in order.in_status(*statuses) if seller_id in (None, part.seller_id)]


def _answer(attempt: Attempt, order: Order) -> Answer:
    if attempt.status == "succeeded":
        return Answer(200, view(order, attempt.seller_id))
    return Answer.refusal(Conflict("The refund did not come about, and nothing was paid back. Try again."))
