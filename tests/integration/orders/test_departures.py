"""People who leave: nobody waits for them, and what names them goes as soon as neither buyer nor law needs it."""

from datetime import timedelta

import pytest

from bookstore.clock import now
from bookstore.database import fetch_one
from bookstore.events.envelope import Event
from bookstore.orders import departures
from bookstore.orders.addresses import create_address, list_addresses
from bookstore.orders.attempts import LEASE
from bookstore.orders.departures import WATCHED_FOR, take_leave
from bookstore.orders.models import Address, Basket
from bookstore.orders.people import Actor
from bookstore.orders.processor import Outcome
from bookstore.orders.sandbox import Sandbox
from bookstore.orders.settings import settings
from tests.handlers import call
from tests.integration.orders.market import ADMIN, SAM, SUE, TRACE, Market, cash
from tests.integration.orders.processors import DiesAfterRefunding

ADDRESS = {"name": "Ann Smith", "line1": "1 Main Street", "city": "Springfield", "country": "US"}


def leaves(market: Market, who: str) -> Event:
    event = Event(type="user.deleted", subject=who, version=1, data={"user_id": who}, trace=TRACE)
    take_leave(event)
    time_passes(market)
    return event


def time_passes(market: Market, after: timedelta = timedelta(0)) -> None:
    market.time_passes(now() + after)


def order(market: Market, *books: str) -> str:
    lines = [{"book_id": book, "quantity": 1} for book in books]
    delivery = {"method": "standard", "address": ADDRESS}
    placed: str = market.place(Basket.model_validate({"items": lines, "delivery": delivery}))["id"]
    return placed


def supplied(market: Market) -> Market:
    market.supply("b1", 5)
    market.supply("b2", 5, seller=SUE)
    return market


def named(market: Market, order_id: str) -> bool:
    """Whether the order names its buyer to its sellers."""
    row = fetch_one(market.db, "SELECT buyer_name, address, record_since FROM orders WHERE id = %s", [order_id])
    assert row
    assert bool(row["buyer_name"]) == bool(row["address"])
    return bool(row["buyer_name"]) and row["record_since"] is None


def seen_by(market: Market, order_id: str, reader: Actor) -> tuple[str, str]:
    """The name and the street that somebody reads in an order."""
    seen = market.seen(order_id, reader=reader)
    return seen["buyer"]["name"], seen["delivery"].get("address", {}).get("line1", "")


def test_what_a_buyer_paid_still_comes_and_then_its_sellers_read_no_name(market: Market):
    paid = order(supplied(market), "b1", "b2")
    market.pay(paid)
    leaves(market, "ann")
    market.ship(paid, seller=SAM)
    time_passes(market)
    assert seen_by(market, paid, SUE) == ("Ann", "1 Main Street"), "a part is still to be shipped"
    market.ship(paid, seller=SUE)
    time_passes(market)
    assert {seen_by(market, paid, seller) for seller in (SAM, SUE)} == {("", "")}
    assert seen_by(market, paid, ADMIN) == ("Ann", "1 Main Street"), "the law may ask for it"
    assert market.seen(paid, reader=SAM)["delivery"] == {"method": "standard", "country": "US"}
    assert market.seen(paid, reader=SAM)["items"][0]["title"] == "Title of b1"


def test_a_paid_order_names_its_buyer_for_as_long_as_records_are_kept_and_the_country_for_ever(market: Market):
    paid = order(supplied(market), "b1")
    market.pay(paid)
    market.ship(paid)
    leaves(market, "ann")
    time_passes(market, timedelta(days=4017))
    assert (seen_by(market, paid, ADMIN), market.count("departures")) == (("Ann", "1 Main Street"), 0)
    time_passes(market, timedelta(days=4019))
    kept = market.seen(paid, reader=ADMIN)
    assert (kept["status"], kept["total_cents"], kept["buyer"]) == ("shipped", 1399, {"id": "ann", "name": ""})
    assert kept["delivery"] == {"method": "standard", "country": "US"}
    assert market.time_passes(now() + timedelta(days=4020))["erased"] == 0


def test_a_refunded_order_is_a_record_too_and_one_that_no_money_came_for_is_none(market: Market):
    supplied(market)
    refunded, promised, free = order(market, "b1"), order(market, "b1"), market.order(("b2", 1))["id"]
    market.pay(refunded)
    market.refund(refunded)
    market.pay(promised, cash())
    leaves(market, "ann")
    market.refund(promised)
    time_passes(market)
    assert [seen_by(market, each, ADMIN)[0] for each in (refunded, promised, free)] == ["Ann", "", ""]
    assert market.seen(promised, reader=ADMIN)["delivery"] == {"method": "standard"}


@pytest.mark.parametrize(("days", "erased"), [("0", 1), ("1", 0), (str(10**12), 0)])
def test_an_operator_says_how_long_records_are_kept(market: Market, monkeypatch: pytest.MonkeyPatch, days, erased):
    monkeypatch.setenv("ORDER_RECORDS_KEPT_DAYS", days)
    settings.cache_clear()
    paid = order(supplied(market), "b1")
    market.pay(paid)
    market.ship(paid)
    take_leave(Event(type="user.deleted", subject="ann", version=1, data={"user_id": "ann"}, trace=TRACE))
    assert market.time_passes(now())["erased"] == erased


def test_an_order_that_was_picked_up_had_no_address(market: Market):
    market.supply("b1", 5)
    paid = market.paid(("b1", 1))
    market.ship(paid)
    leaves(market, "ann")
    time_passes(market, timedelta(days=4019))
    kept = market.seen(paid, reader=ADMIN)
    assert (kept["buyer"]["name"], kept["delivery"]) == ("", {"method": "pickup"})


def test_what_a_buyer_did_not_pay_is_cancelled_and_its_copies_come_back(market: Market):
    pending = order(supplied(market), "b1")
    leaves(market, "ann")
    assert (market.seen(pending, reader=ADMIN)["status"], market.left("b1")) == ("cancelled", 5)
    assert not named(market, pending)


def test_nobody_waits_for_what_a_seller_will_not_ship(market: Market):
    supplied(market)
    both, cash_order, shipped = (order(market, "b1", "b2"), order(market, "b1"), order(market, "b1"))
    market.pay(both)
    market.pay(cash_order, cash())
    market.pay(shipped)
    market.ship(shipped)
    leaves(market, "sam")
    seen = {part["seller_id"]: part["status"] for part in market.seen(both)["shipments"]}
    assert seen == {"sam": "refunded", "sue": "open"}
    assert market.seen(both)["payment"]["status"] == "partially_refunded"
    assert market.seen(cash_order)["status"] == "cancelled"
    assert market.seen(shipped)["status"] == "shipped"
    assert named(market, both)


def test_an_order_that_is_paid_after_its_seller_left_is_refunded_too(market: Market):
    pending = order(supplied(market), "b1")
    leaves(market, "sam")
    assert market.seen(pending)["status"] == "pending"
    market.pay(pending)
    time_passes(market)
    assert market.seen(pending)["status"] == "cancelled"
    assert market.seen(pending)["payment"]["status"] == "refunded"


def test_a_payment_that_is_on_its_way_is_waited_for(market: Market):
    class LeavesMeanwhile(Sandbox):
        def charge(self, *args, **more) -> Outcome:  # type: ignore[no-untyped-def]
            leaves(market, "ann")
            return super().charge(*args, **more)

    paying = order(supplied(market), "b1")
    market.pay(paying, processor=LeavesMeanwhile())
    assert market.seen(paying)["status"] == "paid"
    time_passes(market)
    assert named(market, paying)
    market.ship(paying)
    time_passes(market)
    assert not named(market, paying)


def test_who_left_is_watched_for_a_day_and_for_as_long_as_an_order_is_open(market: Market):
    paid = order(supplied(market), "b1")
    market.pay(paid)
    event = leaves(market, "ann")
    take_leave(event)
    assert market.count("departures") == 1
    time_passes(market, WATCHED_FOR * 2)
    assert market.count("departures") == 1
    market.ship(paid)
    time_passes(market, WATCHED_FOR * 2)
    assert (market.count("departures"), named(market, paid)) == (0, False)


def test_somebody_who_cannot_be_settled_does_not_hold_up_the_others(market: Market):
    market.pay(order(supplied(market), "b1"))
    for who in ("sam", "zoe"):
        take_leave(Event(type="user.deleted", subject=who, version=1, data={"user_id": who}, trace=TRACE))
    much_later = now() + WATCHED_FOR * 2
    done = market.time_passes(much_later, DiesAfterRefunding())
    assert (done["departed"], done["failed"]) == (1, 1)
    assert market.count("departures", "user_id = 'sam'") == 1
    assert market.time_passes(much_later + LEASE * 2)["departed"] == 1


def test_who_has_to_wait_for_long_does_not_hold_up_the_others(market: Market, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(departures, "_BATCH", 1)
    market.pay(order(supplied(market), "b1"))
    for who in ("ann", "zoe"):
        leaves(market, who)
    eventually = any(market.time_passes(now() + WATCHED_FOR * 2)["departed"] for _ in range(50))
    assert eventually
    assert market.count("departures", "user_id = 'ann'") == 1


def test_saved_addresses_go_with_whoever_saved_them(market: Market):
    for owner in ("ann", "sam"):
        create_address(Address.model_validate(ADDRESS), owner_id=owner)
    leaves(market, "ann")
    assert list_addresses(owner_id="ann")["items"] == []
    assert len(list_addresses(owner_id="sam")["items"]) == 1
    assert market.count("turns") == 1


def test_the_others_orders_stay_as_they_are(market: Market):
    mine, theirs = order(supplied(market), "b1"), market.order(("b2", 1), buyer=SAM)["id"]
    leaves(market, "sue")
    assert [market.seen(mine)["status"], market.seen(theirs, reader=SAM)["status"]] == ["pending", "pending"]


def test_an_admins_act_on_an_order_is_told_and_a_sellers_own_is_not(market: Market):
    market.supply("b1", 5)
    first, second = market.paid(("b1", 1)), market.paid(("b1", 1))
    market.ship(first)
    market.ship(second, seller=ADMIN)
    market.refund(second, seller=ADMIN)
    acts = [event.data for event in market.events("orders.administered")]
    assert [(act["act"], act["target_id"], act["admin_id"]) for act in acts] == [
        ("ship_order", second, "root"),
        ("refund_order", second, "root"),
    ]
    assert acts[0]["details"] == {"buyer_id": "ann"}


def test_the_function_takes_the_event_and_sets_others_aside(market: Market):
    event = Event(type="user.deleted", subject="ann", version=1, data={"user_id": "ann"}, trace=TRACE)
    assert call("forget-buyer", event.to_json()).status == 204
    assert market.count("departures") == 1
    assert call("forget-buyer", b"{}").status == 422
