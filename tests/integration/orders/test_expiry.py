"""What the timer does: orders expire, interrupted payments are settled, old keys are forgotten."""

from datetime import timedelta

import pytest

from bookstore.clock import now
from bookstore.database import execute
from bookstore.errors import Conflict
from tests.integration.orders.market import Market
from tests.integration.orders.processors import Crash, DiesAfterCharging, DiesBeforeCharging, Late, Unreachable

SOON, LATER = timedelta(seconds=61), timedelta(minutes=16)
NOTHING = dict.fromkeys(("settled", "expired", "departed", "erased", "failed", "forgotten"), 0)


def test_an_unpaid_order_expires_and_gives_its_stock_back(market: Market):
    market.supply("b1", 5)
    order_id = market.order(("b1", 2))["id"]
    assert market.time_passes(now() + timedelta(minutes=14))["expired"] == 0
    assert market.time_passes(now() + LATER)["expired"] == 1
    seen = market.seen(order_id)
    assert (seen["status"], seen["shipments"][0]["status"], market.left("b1")) == ("expired", "cancelled", 5)
    assert market.events("order.expired")[0].subject == order_id
    assert market.time_passes(now() + LATER)["expired"] == 0


def test_paid_and_cancelled_orders_do_not_expire(market: Market):
    market.supply("b1", 5)
    paid, cancelled = market.paid(("b1", 1)), market.order(("b1", 1))["id"]
    market.cancel(cancelled)
    assert market.time_passes(now() + LATER)["expired"] == 0
    assert [market.seen(order)["status"] for order in (paid, cancelled)] == ["paid", "cancelled"]


def test_what_the_processor_took_before_the_crash_is_paid_however_late(market: Market):
    market.supply("b1", 5)
    order_id = market.order(("b1", 1))["id"]
    with pytest.raises(Crash):
        market.pay(order_id, key="k", processor=DiesAfterCharging())
    assert market.time_passes(now() + LATER) == NOTHING | {"settled": 1, "expired": 0}
    assert market.seen(order_id)["status"] == "paid"
    assert market.pay(order_id, key="k") == market.seen(order_id)


def test_what_the_processor_never_heard_of_is_voided_for_good_and_the_order_expires(market: Market):
    market.supply("b1", 5)
    order_id = market.order(("b1", 1))["id"]
    with pytest.raises(Crash):
        market.pay(order_id, key="k", processor=DiesBeforeCharging())
    assert market.time_passes(now() + LATER) == NOTHING | {"settled": 1, "expired": 1}
    with pytest.raises(Conflict, match="nothing was taken"):
        market.pay(order_id, key="k")
    assert market.count("sandbox_charges", "status = 'succeeded'") == 0


def test_a_voided_attempt_leaves_the_order_payable_in_its_time(market: Market):
    market.supply("b1", 5)
    order_id = market.order(("b1", 1))["id"]
    with pytest.raises(Crash):
        market.pay(order_id, processor=DiesBeforeCharging())
    assert market.time_passes(now() + SOON)["settled"] == 1
    assert market.pay(order_id)["status"] == "paid"


def test_a_charge_that_comes_after_its_attempt_was_voided_takes_nothing(market: Market):
    market.supply("b1", 5)
    order_id = market.order(("b1", 1))["id"]
    with pytest.raises(Conflict, match="nothing was taken"):
        market.pay(order_id, processor=Late(lambda: market.time_passes(now() + SOON)))
    assert market.seen(order_id)["status"] == "pending"


def test_an_attempt_that_cannot_be_settled_does_not_hold_up_the_others(market: Market):
    market.supply("b1", 5)
    orders = [market.order(("b1", 1))["id"] for _ in range(2)]
    for order_id in orders:
        with pytest.raises(Crash):
            market.pay(order_id, processor=DiesAfterCharging())
    assert market.time_passes(now() + SOON, Unreachable())["settled"] == 1
    assert sorted(market.seen(order)["status"] for order in orders) == ["paid", "pending"]
    assert market.time_passes(now() + SOON)["settled"] == 1


def test_keys_are_forgotten_after_a_day(market: Market):
    market.supply("b1", 5)
    market.order(("b1", 1), key="old")
    market.order(("b1", 1), key="new")
    execute(
        market.db,
        "UPDATE idempotency SET created_at = created_at - INTERVAL 25 HOUR WHERE idempotency_key = 'old'",
    )
    assert market.time_passes(now())["forgotten"] == 1
    assert market.count("idempotency") == 1


def test_an_order_that_cannot_be_expired_does_not_hold_up_the_others(market: Market):
    market.supply("lost", 5)
    market.supply("b1", 5)
    poison = market.order(("lost", 1), at=now() - timedelta(minutes=1))["id"]
    others = [market.order(("b1", 1))["id"] for _ in range(3)]
    # Its book has gone from the inventory, so its copies can't be put back.
    execute(market.db, "UPDATE inventory SET book_id = 'away' WHERE book_id = 'lost'")
    done = market.time_passes(now() + LATER)
    assert (done["expired"], done["failed"]) == (3, 1)
    assert {market.seen(order)["status"] for order in others} == {"expired"}
    assert market.seen(poison)["status"] == "pending"
    execute(market.db, "UPDATE inventory SET book_id = 'lost' WHERE book_id = 'away'")
    assert market.time_passes(now() + LATER)["expired"] == 1
