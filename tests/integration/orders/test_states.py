"""The life of an order, walked completely: every action in every status, and nothing else changes."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from bookstore.clock import now
from bookstore.database import execute, fetch_one
from bookstore.errors import Conflict
from bookstore.orders import attempts, payments, refunds, sandbox
from bookstore.orders.attempts import Attempt
from bookstore.orders.models import Paying
from bookstore.orders.processor import Outcome
from tests.integration.orders.market import SAM, Market
from tests.integration.orders.processors import (
    Crash,
    DiesAfterCharging,
    DiesAfterRefunding,
    DiesBeforeCharging,
    DiesBeforeRefunding,
)

LATER = timedelta(minutes=16)
STATUSES = ("pending", "paid", "shipped", "cancelled", "expired")
ACTIONS = ("pay", "ship", "refund", "cancel", "expire")
LEADS_TO = {
    ("pending", "pay"): "paid",
    ("pending", "cancel"): "cancelled",
    ("pending", "expire"): "expired",
    ("paid", "ship"): "shipped",
    ("paid", "refund"): "cancelled",
    ("paid", "cancel"): "cancelled",
    ("shipped", "refund"): "shipped",
}


def act(market: Market, order_id: str, action: str) -> None:
    if action == "expire":
        market.time_passes(now() + LATER)
    else:
        getattr(market, action)(order_id)


def order_in(market: Market, status: str) -> str:
    market.supply("b1", 5)
    order_id: str = market.order(("b1", 2))["id"]
    ways = {"paid": ["pay"], "shipped": ["pay", "ship"], "cancelled": ["cancel"], "expired": ["expire"]}
    for action in ways.get(status, []):
        act(market, order_id, action)
    return order_id


@pytest.mark.parametrize(("status", "action"), list(product(STATUSES, ACTIONS)))
def test_every_action_in_every_status(market: Market, status: str, action: str):
    order_id = order_in(market, status)
    before = market.seen(order_id), market.left("b1"), len(market.events())
    assert before[0]["status"] == status
    if (status, action) in LEADS_TO:
        act(market, order_id, action)
        assert market.seen(order_id)["status"] == LEADS_TO[status, action]
    else:
        if action == "expire":
            act(market, order_id, action)
        else:
            with pytest.raises(Conflict, match=f"is {status}"):
                act(market, order_id, action)
        assert (market.seen(order_id), market.left("b1"), len(market.events())) == before


# What becomes of an order when an attempt at it has ended.
ENDINGS = {
    ("pay", "succeeded"): "paid",
    ("pay", "declined"): "pending",
    ("pay", "voided"): "pending",
    **{(kind, "succeeded"): "cancelled" for kind in ("refund", "cancel")},
    **{(kind, end): "paid" for kind in ("refund", "cancel") for end in ("declined", "voided")},
}


def attempt_of(market: Market, order_id: str) -> Attempt:
    """The last attempt at an order."""
    row = fetch_one(market.db, "SELECT MAX(id) AS id FROM payment_attempts WHERE order_id = %s", [order_id])
    assert row is not None
    return attempts.find(market.db, row["id"])


def interrupted(market: Market, kind: str, end: str) -> str:
    """An order of which nobody knows yet how an attempt at it has ended."""
    order_id = order_in(market, "pending" if kind == "pay" else "paid")
    before, after = (
        (DiesBeforeCharging(), DiesAfterCharging()) if kind == "pay" else (DiesBeforeRefunding(), DiesAfterRefunding())
    )
    how: dict[str, Any] = {"paying": Paying(method="pse")} if kind == "pay" else {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "_APPROVED", Outcome("declined" if end == "declined" else "succeeded"))
        with pytest.raises(Crash):
            getattr(market, kind)(order_id, **how, processor=before if end == "voided" else after)
    return order_id


@pytest.mark.parametrize(("kind", "end"), ENDINGS)
def test_every_attempt_ends_once_and_the_order_goes_on(market: Market, kind: str, end: str):
    order_id = interrupted(market, kind, end)
    assert attempt_of(market, order_id).status == "open"
    assert market.time_passes(now() + timedelta(seconds=61))["settled"] == 1
    ended, seen = attempt_of(market, order_id), market.seen(order_id)
    assert (ended.status, seen["status"]) == (end, ENDINGS[kind, end])
    finish = payments.finish if kind == "pay" else refunds.finish
    for other in ("succeeded", "declined", "voided"):
        finish(market.db, ended, Outcome(other), by=SAM, at=now())  # type: ignore[arg-type]
    assert (attempt_of(market, order_id).status, market.seen(order_id)) == (end, seen)
    if end != "succeeded":
        act(market, order_id, kind)


@pytest.mark.parametrize(("state", "end"), list(product(attempts.STATES, sorted(attempts.STATES["open"]))))
def test_an_attempt_goes_the_ways_of_its_table_and_no_others(market: Market, state: str, end: str):
    attempt = attempt_of(market, interrupted(market, "pay", "voided"))
    execute(market.db, "UPDATE payment_attempts SET status = %s", [state])
    possible = end in attempts.STATES[state]
    assert attempts.end(market.db, attempt, end) == possible
    assert attempts.find(market.db, attempt.id).status == (end if possible else state)
    execute(market.db, "UPDATE payment_attempts SET status = 'open'")
