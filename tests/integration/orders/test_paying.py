"""Paying: each order once, whatever is repeated, refused or interrupted."""

import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from bookstore.clock import now
from bookstore.database import fetch_all
from bookstore.errors import Conflict, Forbidden, NotFound, PaymentRequired, Unprocessable
from bookstore.orders.models import Paying
from bookstore.orders.sandbox import Sandbox
from tests.integration.orders.market import (
    ANN,
    DECLINED,
    POOR,
    SAM,
    SUE,
    Market,
    card,
    cash,
    person,
    together,
)
from tests.integration.orders.processors import Crash, DiesAfterCharging, DiesBeforeCharging, Slow
from tests.live import ROOT

KILLED = """
import os, signal
from tests.integration.orders.market import Market, Sandbox

class Killed(Sandbox):
    def charge(self, *args, **named):
        super().charge(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)

Market(None).pay({order_id!r}, key="k", processor=Killed())
"""


@pytest.fixture
def order_id(market: Market) -> str:
    market.supply("b1", 5)
    placed: str = market.order(("b1", 2))["id"]
    return placed


def test_a_paid_order_shows_brand_and_last_digits_and_tells_of_it(market: Market, order_id: str):
    paid = market.pay(order_id)
    assert (paid["status"], [step["status"] for step in paid["history"]]) == ("paid", ["pending", "paid"])
    shown = {"method": "card", "status": "captured", "brand": "visa", "last4": "4242"}
    assert paid["payment"] == {**shown, "due_cents": 0, "captured_cents": 2000, "refunded_cents": 0}
    assert "expires_at" not in paid
    told = market.events("order.paid")[0]
    assert (told.trace, told.data["payment"]) == (ANN.trace, {"status": "captured"})


def test_a_promise_is_told_as_one_until_everything_is_collected(market: Market):
    market.supply("b1", 5)
    market.supply("b2", 5, seller=SUE)
    order_id = market.paid(("b1", 1), ("b2", 1), by=cash())
    for seller in (SAM, SUE):
        market.ship(order_id, seller=seller)
    told = [(event.type, event.data["payment"]["status"]) for event in market.events() if "payment" in event.data]
    assert told == [("order.paid", "due"), ("order.shipped", "due"), ("order.shipped", "captured")]


def test_nothing_in_the_database_holds_a_card_number(market: Market, order_id: str):
    market.pay(order_id)
    tables = [next(iter(row.values())) for row in fetch_all(market.db, "SHOW TABLES")]
    kept = str([fetch_all(market.db, f"SELECT * FROM {table}") for table in tables])
    assert "4242" in kept
    assert "42424242" not in kept


@pytest.mark.parametrize(("number", "reason"), [(DECLINED, "card_declined"), (POOR, "insufficient_funds")])
def test_a_declined_card_leaves_the_order_pending_for_another_card(
    market: Market, order_id: str, number: str, reason: str
):
    with pytest.raises(PaymentRequired) as declined:
        market.pay(order_id, card(number), key="first")
    assert declined.value.extra == {"reason": reason}
    seen = market.seen(order_id)
    assert (seen["status"], seen["payment"]["status"], seen["payment"]["last4"]) == ("pending", "declined", number[-4:])
    assert market.pay(order_id, key="second")["payment"]["status"] == "captured"


def test_a_declined_answer_is_kept_for_its_key(market: Market, order_id: str):
    for _ in range(2):
        with pytest.raises(PaymentRequired, match="The card was declined"):
            market.pay(order_id, card(DECLINED), key="k")
    assert market.count("payment_attempts") == 1
    with pytest.raises(Unprocessable):
        market.pay(order_id, card(), key="k")


def test_a_bank_transfer_is_captured_and_cash_is_due(market: Market, order_id: str):
    money = {"due_cents": 0, "captured_cents": 2000, "refunded_cents": 0}
    transferred = {"method": "pse", "status": "captured", **money}
    assert market.pay(order_id, Paying(method="pse"))["payment"] == transferred
    other = market.order(("b1", 1))["id"]
    promised = {"method": "cash_on_delivery", "status": "due", **money, "due_cents": 1000, "captured_cents": 0}
    assert market.pay(other, cash())["payment"] == promised


def test_the_same_key_twenty_times_at_once_charges_once(market: Market, order_id: str):
    answers = together(20, lambda _: market.pay(order_id, key="k"))
    assert {str(answer) for answer in answers} == {str(market.seen(order_id))}
    assert (market.count("sandbox_charges"), len(market.events("order.paid"))) == (1, 1)


def test_twenty_keys_at_once_charge_once(market: Market, order_id: str):
    answers = together(20, lambda _: market.pay(order_id))
    assert sum(isinstance(answer, dict) for answer in answers) == 1
    assert all(isinstance(answer, dict | Conflict) for answer in answers)
    assert market.count("sandbox_charges") == 1


@pytest.mark.parametrize("dying", [DiesAfterCharging(), DiesBeforeCharging()])
def test_a_retry_after_a_crash_resumes_the_attempt(market: Market, order_id: str, dying: Sandbox):
    with pytest.raises(Crash):
        market.pay(order_id, key="k", processor=dying)
    assert market.pay(order_id, key="k")["status"] == "paid"
    assert (market.count("sandbox_charges"), market.count("payment_attempts")) == (1, 1)


def test_a_retry_while_the_first_is_at_work_is_told_to_come_back_and_then_gets_its_answer(
    market: Market, order_id: str
):
    slow = Slow()
    answers: list[object] = []
    first = threading.Thread(target=lambda: answers.append(market.pay(order_id, key="k", processor=slow)))
    first.start()
    assert slow.asked.wait(10)
    with pytest.raises(Conflict, match="still at work") as busy:
        market.pay(order_id, key="k")
    assert busy.value.headers["Retry-After"] == "1"
    slow.go.set()
    first.join()
    assert market.pay(order_id, key="k") == answers[0]


def test_while_an_attempt_is_open_the_order_can_neither_be_cancelled_nor_paid_again_nor_expire(
    market: Market, order_id: str
):
    slow = Slow()
    first = threading.Thread(target=lambda: market.pay(order_id, key="k", processor=slow))
    first.start()
    assert slow.asked.wait(10)
    for act in (lambda: market.cancel(order_id), lambda: market.pay(order_id, key="k2")):
        with pytest.raises(Conflict, match="on its way") as busy:
            act()
        assert busy.value.headers["Retry-After"] == "1"
    assert market.time_passes(now() + timedelta(seconds=59))["settled"] == 0
    slow.go.set()
    first.join()
    assert market.seen(order_id)["status"] == "paid"


def test_an_order_cannot_be_paid_after_its_time_even_before_the_timer_ran(market: Market, order_id: str):
    with pytest.raises(Conflict, match="time to pay"):
        market.pay(order_id, at=now() + timedelta(minutes=16))
    assert market.seen(order_id)["status"] == "pending"


def test_only_the_buyer_pays(market: Market, order_id: str):
    with pytest.raises(Forbidden):
        market.pay(order_id, buyer=SAM)
    with pytest.raises(Forbidden):
        market.pay(order_id, buyer=person("root", "admin"))
    with pytest.raises(NotFound) as hidden:
        market.pay(order_id, buyer=SUE)
    with pytest.raises(NotFound) as missing:
        market.pay("nothing", buyer=SUE)
    assert str(hidden.value) == str(missing.value)


def test_cancelling_and_paying_at_once_ends_in_one_of_both(market: Market, order_id: str):
    def act(number: int) -> object:
        return market.cancel(order_id) if number % 2 else market.pay(order_id)

    together(10, act)
    # A payment that came first may be cancelled afterwards; then its money went back.
    seen = market.seen(order_id)
    assert (seen["status"], market.left("b1")) in [("paid", 3), ("cancelled", 5)]
    assert seen.get("payment", {}).get("status") in [None, "captured", "refunded"]


def test_a_killed_process_holds_nobody_up(market: Market, order_id: str):
    died = subprocess.run([sys.executable, "-c", KILLED.format(order_id=order_id)], cwd=ROOT)
    assert died.returncode == -signal.SIGKILL
    assert market.seen(order_id)["status"] == "pending"
    assert market.pay(order_id, key="k")["status"] == "paid"
    assert market.count("sandbox_charges") == 1
