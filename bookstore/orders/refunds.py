"""Refund a seller's part of an order or copies of it, or cancel all of it.

Money that came goes back in three steps, as in paying.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bookstore.clock import now
from bookstore.database import Connection, transaction
from bookstore.errors import Conflict, InvalidFields
from bookstore.orders import attempts, records
from bookstore.orders.attempts import Attempt
from bookstore.orders.goodwill import give, require_left
from bookstore.orders.idempotency import Answer, Request, alone, begin_attempt, claim, end_attempt, keep, refusals_kept
from bookstore.orders.models import Refunding
from bookstore.orders.people import Actor, bought_by, sold_by, trace_act
from bookstore.orders.processor import Outcome, PaymentProcessor
from bookstore.orders.records import Order, Return
from bookstore.orders.returns import reckon, take_back, whole_parts
from bookstore.orders.states import movable_parts, release_order
from bookstore.orders.views import view

EVERYTHING = Refunding()


def refund_order(
    order_id: str,
    refunding: Refunding = EVERYTHING,
    *,
    seller: Actor,
    request: Request,
    processor: PaymentProcessor,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Give the buyer the money for the seller's part back, or for copies of it, or an amount; return that part as JSON.

    An admin refunds every part that is not refunded yet, or that of a seller whom they name. What was not shipped
    returns to the stock, unless the seller says otherwise. Raises InvalidFields for a book that is not in the part, and
    Conflict for copies that the buyer no longer keeps, and for more money than is left of what was paid.
    """
    with alone(request):
        step = refusals_kept(request, lambda db: _begin_refund(db, order_id, refunding, seller, request, at or now()))
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
            order = _done(db, order, attempt, attempt.id, by=replace(by, id=attempt.actor), at=at)
        else:
            release_order(db, order)
    ended = attempts.find(db, attempt.id)
    return end_attempt(db, attempt.id, _answer(ended, order))


def _begin_refund(
    db: Connection, order_id: str, refunding: Refunding, seller: Actor, request: Request, at: datetime
) -> Answer | Attempt:
    known = claim(db, request)
    if known.answer:
        return known.answer
    if known.attempt_id:
        return attempts.find(db, known.attempt_id)
    order, part = sold_by(seller, records.locked(db, order_id), refunding.seller_id)
    trace_act(db, "refund_order", order, part, by=seller)
    if refunding.amount_cents:
        attempt = _goodwill(order, refunding.amount_cents, part, by=seller, reason=refunding.reason or "")
    else:
        returns = _asked_back(order, movable_parts(order, "refund", part), refunding)
        attempt = _attempt(order, "refund", returns, part, by=seller, reason=refunding.reason or "")
    step = _begin(db, order, attempt, by=seller, at=at)
    if isinstance(step, Answer):
        return keep(db, request, step)
    begin_attempt(db, request, step.id)
    return step


def _begin_cancel(db: Connection, order_id: str, buyer: Actor, at: datetime) -> Answer | Attempt:
    order = bought_by(buyer, records.locked(db, order_id))
    returns = whole_parts(order, movable_parts(order, "cancel"))
    return _begin(db, order, _attempt(order, "cancel", returns, None, by=buyer), by=buyer, at=at)


def _asked_back(order: Order, sellers: Sequence[str], refunding: Refunding) -> list[Return]:
    """The copies that a refund takes back."""
    everything = whole_parts(order, sellers, restock=refunding.restock)
    if refunding.items is None:
        return everything
    kept = {back.book_id: back for back in everything}
    missing = [number for number, line in enumerate(refunding.items) if line.book_id not in kept]
    if missing:
        message = "is no book of the order that can be refunded"
        raise InvalidFields([{"field": f"items[{number}].book_id", "message": message} for number in missing])
    for line in refunding.items:
        if line.quantity > (left := kept[line.book_id].quantity):
            raise Conflict(
                f"The buyer keeps {left} copies of a book of which {line.quantity} were to be refunded.",
                book_id=line.book_id,
                kept=left,
            )
    return [replace(kept[line.book_id], quantity=line.quantity) for line in refunding.items]


def _attempt(
    order: Order, kind: str, returns: Sequence[Return], part: str | None, *, by: Actor, reason: str = ""
) -> Attempt:
    """What is to be done, with what the processor is to give back."""
    back = reckon(order, order.without(returns)) if order.payment and order.payment.by_processor else []
    return Attempt.new(
        order,
        kind,
        sum(entry.cents for entry in back),
        by=by.id,
        method=order.payment.method if order.payment else "",
        seller_id=part,
        returned=returns,
        reason=reason,
    )


def _goodwill(order: Order, cents: int, part: str | None, *, by: Actor, reason: str) -> Attempt:
    """An amount that is to be given back for one seller's part."""
    seller_id, *others = movable_parts(order, "goodwill", part)
    if others:
        raise InvalidFields.one("seller_id", "is required: an amount is given back for one seller's part")
    require_left(order, seller_id, cents)
    method = order.payment.method if order.payment else ""
    return Attempt.new(order, "goodwill", cents, by=by.id, method=method, seller_id=seller_id, reason=reason)


def _begin(db: Connection, order: Order, attempt: Attempt, *, by: Actor, at: datetime) -> Answer | Attempt:
    if attempt.amount_cents and order.payment and order.payment.by_processor:
        return attempts.begin(db, order, attempt, at=at)
    # Nothing goes through the processor: cash goes from hand to hand.
    return Answer(200, view(_done(db, order, attempt, None, by=by, at=at), attempt.seller_id))


def _done(db: Connection, order: Order, attempt: Attempt, reference: str | None, *, by: Actor, at: datetime) -> Order:
    """Carry an attempt out; by the `reference` the processor knows the money that it gave back."""
    if attempt.kind == "goodwill" and attempt.seller_id:
        cents, seller_id = attempt.amount_cents, attempt.seller_id
        return give(db, order, seller_id, cents, by=by, at=at, reason=attempt.reason, attempt_id=reference)
    # An attempt of an earlier version is about whole parts.
    returns = attempt.returned or whole_parts(order, [attempt.seller_id] if attempt.seller_id else order.sellers)
    return take_back(db, order, returns, attempt.kind, by=by, at=at, reason=attempt.reason, attempt_id=reference)


def _carry_out(attempt: Attempt, processor: PaymentProcessor, *, by: Actor, at: datetime) -> Answer:
    charge = transaction("orders", lambda db: records.locked_known(db, attempt.order_id).payment)
    assert charge is not None, "only what was paid is refunded by the processor"
    outcome = processor.refund(attempt.id, charge=charge.attempt_id or "", amount_cents=attempt.amount_cents)
    return transaction("orders", lambda db: finish(db, attempt, outcome, by=by, at=at))


def _answer(attempt: Attempt, order: Order) -> Answer:
    if attempt.status == "succeeded":
        return Answer(200, view(order, attempt.seller_id))
    return Answer.refusal(Conflict("The refund did not come about, and nothing was paid back. Try again."))
