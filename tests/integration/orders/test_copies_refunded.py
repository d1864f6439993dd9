"""Refunds of single copies: the money of just these goes back, the stock as the seller says, the ledger tells all."""

from datetime import timedelta
from typing import Any

import pytest

from bookstore.clock import now
from bookstore.database import execute
from bookstore.errors import Conflict, InvalidFields, NotFound
from bookstore.orders.models import Paying, Refunding
from tests.integration.orders.market import ADDRESS, ADMIN, SAM, SUE, Market, cash, person, together
from tests.integration.orders.processors import Crash, DiesAfterRefunding


@pytest.fixture
def shop(taxed: Market) -> Market:
    """Sam sells for 10.00 and 3.33, Sue for 7.00; a tax of 8.25 % comes on top."""
    taxed.supply("b1", 9, seller=SAM, price_cents=1000)
    taxed.supply("b2", 9, seller=SAM, price_cents=333)
    taxed.supply("b3", 9, seller=SUE, price_cents=700)
    return taxed


def placed(shop: Market, paying: Paying | None = None) -> str:
    """Three of Sam's, one of his others and one of Sue's, delivered for 3.99, and paid."""
    return shop.paid(("b1", 3), ("b2", 1), ("b3", 1), by=paying, address=ADDRESS)


def money(shop: Market, order_id: str) -> dict[str, Any]:
    payment = shop.seen(order_id)["payment"]
    return {name: payment[name] for name in ("status", "due_cents", "captured_cents", "refunded_cents")}


def taken_back(order: dict[str, Any]) -> dict[str, int]:
    return {item["book_id"]: item.get("taken_back", 0) for item in order["items"]}


# With tax: Sam's part 33.33 + 2.75, Sue's 7.00 + 0.58, the delivery 3.99 + 0.33.
SAMS, SUES, DELIVERY = 3608, 758, 432


def test_some_copies_are_refunded_and_the_part_can_still_be_shipped(shop: Market):
    order_id = placed(shop)
    refunded = shop.refund(order_id, ("b1", 1), reason="bent corner")
    assert (taken_back(refunded), refunded["shipments"][0]["status"]) == ({"b1": 1, "b2": 0}, "open")
    # 23.33 are left, and their tax is 1.92.
    assert money(shop, order_id)["refunded_cents"] == SAMS - 2525
    assert shop.left("b1") == 7
    assert shop.ship(order_id)["shipments"][0]["status"] == "shipped"


def test_every_step_is_told_with_what_was_taken_back(shop: Market):
    order_id = placed(shop)
    shop.refund(order_id, ("b1", 1))
    shop.refund(order_id, ("b1", 2), ("b2", 1))
    told = shop.events("order.refunded")
    assert [(event.version, event.data["shipment"]["seller_id"], event.data["status"]) for event in told] == [
        (3, "sam", "paid"),
        (4, "sam", "paid"),
    ]
    assert [[item["taken_back"] for item in event.data["items"]] for event in told] == [[1, 0, 0], [3, 1, 0]]
    assert shop.seen(order_id)["shipments"][0]["status"] == "refunded"


def test_the_last_copy_of_the_order_takes_the_delivery_with_it(shop: Market):
    order_id = placed(shop)
    shop.refund(order_id, seller=SUE)
    shop.refund(order_id, ("b1", 3))
    assert money(shop, order_id)["status"] == "partially_refunded"
    assert shop.refund(order_id, ("b2", 1))["status"] == "cancelled"
    total = SAMS + SUES + DELIVERY
    assert money(shop, order_id) == {
        "status": "refunded",
        "due_cents": 0,
        "captured_cents": total,
        "refunded_cents": total,
    }
    assert [kind for kind, _, _ in shop.ledger(order_id)] == ["due"] * 3 + ["captured"] * 3 + ["refunded"] * 4
    assert shop.ledger(order_id)[-1] == ("refunded", DELIVERY, None)


def test_a_buyer_who_cancels_gets_what_was_not_refunded_yet(shop: Market):
    order_id = placed(shop)
    shop.refund(order_id, ("b1", 2), restock=False)
    assert shop.cancel(order_id)["payment"]["status"] == "refunded"
    assert (shop.left("b1"), shop.left("b2"), shop.left("b3")) == (7, 9, 9)


@pytest.mark.parametrize(
    ("shipped", "restock", "left"),
    [(False, None, 7), (False, False, 6), (True, None, 6), (True, True, 7)],
)
def test_copies_go_back_into_the_stock_as_the_seller_says(shop: Market, shipped: bool, restock: bool | None, left: int):
    order_id = placed(shop)
    if shipped:
        shop.ship(order_id)
    shop.refund(order_id, ("b1", 1), restock=restock)
    assert shop.left("b1") == left
    shop.refund(order_id, restock=restock)
    assert shop.left("b2") == 8 + (left - 6)


def test_cash_of_copies_that_were_not_shipped_is_waived_and_of_others_given_back(shop: Market):
    order_id = placed(shop, cash())
    shop.refund(order_id, ("b1", 1))
    shop.ship(order_id)
    shop.refund(order_id, ("b2", 1))
    shop.refund(order_id, seller=SUE)
    assert shop.ledger(order_id) == [
        *(("due", SAMS, "sam"), ("due", SUES, "sue"), ("due", DELIVERY, None)),
        ("waived", SAMS - 2525, "sam"),
        *(("captured", 2525, "sam"), ("captured", DELIVERY, None)),
        ("refunded", 2525 - 2165, "sam"),
        ("waived", SUES, "sue"),
    ]
    assert money(shop, order_id)["status"] == "partially_refunded"


def test_a_seller_sees_the_movements_of_the_own_part_only(shop: Market):
    order_id = placed(shop)
    assert shop.ledger(order_id, reader=SUE) == [("due", SUES, "sue"), ("captured", SUES, "sue")]
    assert shop.ledger(order_id, reader=ADMIN) == shop.ledger(order_id)


@pytest.mark.parametrize("items", [[("b1", 4)], [("b2", 1), ("b1", 4)]])
def test_more_copies_than_the_buyer_keeps_are_refused_and_nothing_changes(shop: Market, items: list[tuple[str, int]]):
    order_id = placed(shop)
    before = shop.seen(order_id)
    with pytest.raises(Conflict, match="keeps 3 copies"):
        shop.refund(order_id, *items)
    assert shop.seen(order_id) == before


@pytest.mark.parametrize("book_id", ["b3", "nobody"])
def test_a_book_that_is_not_in_the_part_is_named(shop: Market, book_id: str):
    with pytest.raises(InvalidFields) as refused:
        shop.refund(placed(shop), ("b1", 1), (book_id, 1))
    assert refused.value.errors[0]["field"] == "items[1].book_id"


def test_an_admin_refunds_copies_of_several_sellers_at_once(shop: Market):
    order_id = placed(shop)
    shop.refund(order_id, ("b1", 1), ("b3", 1), seller=ADMIN)
    told = shop.events("order.refunded")
    assert [event.data["shipment"]["seller_id"] for event in told] == ["sam", "sue"]
    assert [part["status"] for part in shop.seen(order_id)["shipments"]] == ["open", "refunded"]


def test_the_same_refund_twenty_times_at_once_goes_back_once(shop: Market):
    order_id = placed(shop)
    answers = together(20, lambda _: shop.refund(order_id, ("b1", 1), key="k"))
    assert len({str(answer) for answer in answers}) == 1
    assert taken_back(shop.seen(order_id))["b1"] == 1


def test_many_refunds_at_once_never_give_back_more_than_was_paid(shop: Market):
    order_id = placed(shop)
    together(12, lambda number: shop.refund(order_id, ("b1", 1), key=f"k{number}"))
    assert 1 <= taken_back(shop.seen(order_id))["b1"] <= 3


def test_a_refund_of_copies_that_crashed_is_settled_by_the_timer_as_it_was_begun(shop: Market):
    order_id = placed(shop)
    with pytest.raises(Crash):
        shop.refund(order_id, ("b1", 1), restock=False, reason="lost", processor=DiesAfterRefunding())
    assert shop.time_passes(now() + timedelta(seconds=61))["settled"] == 1
    assert (taken_back(shop.seen(order_id))["b1"], shop.left("b1")) == (1, 6)
    assert money(shop, order_id)["refunded_cents"] == SAMS - 2525


def test_an_attempt_of_the_version_before_is_settled_as_a_whole(shop: Market):
    order_id = placed(shop)
    with pytest.raises(Crash):
        shop.refund(order_id, processor=DiesAfterRefunding())
    execute(shop.db, "UPDATE payment_attempts SET returned = NULL WHERE kind = 'refund'")
    assert shop.time_passes(now() + timedelta(seconds=61))["settled"] == 1
    assert taken_back(shop.seen(order_id)) == {"b1": 3, "b2": 1, "b3": 0}


def test_a_book_is_named_once():
    twice = [{"book_id": "b1", "quantity": 1}] * 2
    with pytest.raises(ValueError, match="every book once"):
        Refunding.model_validate({"items": twice})


@pytest.mark.parametrize(
    ("parcel", "link"),
    [
        ({"tracking": "1Z 9/9", "carrier": "UPS"}, "https://www.ups.com/track?tracknum=1Z%209%2F9"),
        ({"tracking": "7", "carrier": "Own van", "tracking_url": "https://van.example/7"}, "https://van.example/7"),
        ({"tracking": "7", "carrier": "dhl", "tracking_url": "https://van.example/7"}, "https://van.example/7"),
        ({"tracking": "7", "carrier": "Own van"}, None),
        ({"carrier": "UPS"}, None),
    ],
)
def test_a_parcel_can_be_followed_with_its_carriers_page(shop: Market, parcel: dict[str, str], link: str | None):
    order_id = placed(shop)
    shop.ship(order_id, **parcel)
    seen = shop.seen(order_id)["shipments"][0]
    assert {name: seen.get(name) for name in parcel} == parcel
    assert seen.get("tracking_url") == link


@pytest.mark.parametrize("link", ["http://van.example", "javascript:alert(1)", "https://van.example/ 7", "https://"])
def test_a_link_that_a_browser_should_not_follow_is_refused(shop: Market, link: str):
    with pytest.raises(ValueError, match="tracking_url"):
        shop.ship(placed(shop), tracking_url=link)


def test_strangers_see_no_ledger(shop: Market):
    with pytest.raises(NotFound):
        shop.ledger(placed(shop), reader=person("zoe"))
