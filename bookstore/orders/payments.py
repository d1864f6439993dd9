"""Pay an order, in three steps: an attempt is committed, the processor is asked, the outcome is committed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bookstore.clock import now
from bookstore.database import Connection, transaction
from bookstore.errors import BookstoreError, Conflict, PaymentRequired
from bookstore.orders import attempts, records
from bookstore.orders.announcements import announce
from bookstore.orders.attempts import Attempt
from bookstore.orders.balance import Balance
from bookstore.orders.idempotency import (
    Answer,
    Request,
    alone,
    answer_of_attempt,
    begin_attempt,
    claim,
    end_attempt,
    keep,
    refusals_kept,
)
from bookstore.orders.ledger import move_money, owed
from bookstore.orders.models import Paying
from bookstore.orders.people import Actor, bought_by
from bookstore.orders.processor import Outcome, PaymentProcessor
from bookstore.orders.records import Order, Payment
from bookstore.orders.states import following, move_order, release_order, require
from bookstore.orders.views import view

_DECLINED = {
    "card_declined": "The card was declined. Use another card.",
    "insufficient_funds": "The card has insufficient funds. Use another card.",
    "not_a_test_card": "This shop takes test cards only, and this is none of them.",
}


def pay_order(
    order_id: str,
    paying: Paying,
    *,
    buyer: Actor,
    request: Request,
    processor: PaymentProcessor,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Have the processor take the order's total, or promise it in cash; return the paid order as JSON.

    A repeated request resumes the attempt of the first when that ended without an answer. No transaction is open while
    the processor works. Raises PaymentRequired when it declines (the order stays pending), and Conflict when the order
    cannot be paid now.
    """
    with alone(request):
        step = refusals_kept(request, lambda db: _begin(db, order_id, paying, buyer, request, at or now()))
        if isinstance(step, Attempt):
            attempt = step
            outcome = processor.charge(attempt.id, amount_cents=attempt.amount_cents, card=paying.card)
            step = transaction("orders", lambda db: finish(db, attempt, outcome, by=buyer, at=at or now()))
    return step.unwrap()


def finish(db: Connection, attempt: Attempt, outcome: Outcome, *, by: Actor, at: datetime) -> Answer:
    """Record what the processor said; return the answer of the request that began the attempt.

    An attempt that has ended already stays as it is.
    """
    order = records.locked_known(db, attempt.order_id)
    if not attempts.end(db, attempt, outcome.status):
        return answer_of_attempt(db, attempt.id) or Answer(200, view(order))
    payment = Payment(attempt.method, outcome.status, Balance(), attempt.id, attempt.brand, attempt.last4)
    if outcome.status == "succeeded":
        # Whoever finishes it, it is the buyer who pays.
        return end_attempt(db, attempt.id, _paid(db, order, payment, by=replace(by, id=attempt.actor), at=at))
    release_order(db, order)
    if outcome.status == "declined":
        records.save_payment(db, order.id, payment)
    return end_attempt(db, attempt.id, Answer.refusal(_failure(outcome)))


def _begin(
    db: Connection, order_id: str, paying: Paying, buyer: Actor, request: Request, at: datetime
) -> Answer | Attempt:
    known = claim(db, request)
    if known.answer:
        return known.answer
    if known.attempt_id:
        return attempts.find(db, known.attempt_id)
    order = bought_by(buyer, records.locked(db, order_id))
    require(order, "pay")
    if order.expires_at <= at:
        raise Conflict("The time to pay this order is over.", order_status="expired")
    if paying.method == "cash_on_delivery":
        return keep(db, request, _paid(db, order, Payment(paying.method, "due", Balance()), by=buyer, at=at))
    attempt = attempts.begin(db, order, _attempt(order, paying, buyer), at=at)
    begin_attempt(db, request, attempt.id)
    return attempt


def _attempt(order: Order, paying: Paying, buyer: Actor) -> Attempt:
    brand, last4 = (paying.card.brand, paying.card.last4) if paying.card else (None, None)
    return Attempt.new(order, "pay", order.total_cents, by=buyer.id, method=paying.method, brand=brand, last4=last4)


def _paid(db: Connection, order: Order, payment: Payment, *, by: Actor, at: datetime) -> Answer:
    move_order(db, order, "pay", following(order, "pay"), at=at, events=1)
    money = owed(order)
    if payment.attempt_id:
        money += [replace(entry, kind="captured") for entry in money]
    move_money(db, order, payment, money, by=by, reason="paid" if payment.attempt_id else "promised", at=at)
    paid = records.locked_known(db, order.id)
    announce(db, "order.paid", paid, by=by)
    return Answer(200, view(paid))


def _failure(outcome: Outcome) -> BookstoreError:
    if outcome.status == "voided":
        return Conflict("The payment did not come about, and nothing was taken. Pay again with a new Idempotency-Key.")
    reason = outcome.reason or "declined"
    return PaymentRequired(_DECLINED.get(reason, "The payment was declined."), reason=reason)
