"""Money given back to a buyer who keeps the copies: never more than was paid for the part, and once for each key."""

from datetime import timedelta
from typing import Any

import pytest

from bookstore.clock import now
from bookstore.errors import Conflict, InvalidFields
from bookstore.orders.models import Paying, Refunding
from tests.integration.orders.market import ADDRESS, ADMIN, SAM, SUE, Market, cash, together
from tests.integration.orders.processors import Crash, DiesAfterRefunding, DiesBeforeRefunding

# With tax: Sam's part 20.00 + 1.65, Sue's 7.00 + 0.58, the delivery 3.99 + 0.33.
SAMS, SUES, DELIVERY = 2165, 758, 432


@pytest.fixture
def shop(taxed: Market) -> Market:
    """Sam sells for 10.00, Sue for 7.00; a tax of 8.25 % comes on top."""
    taxed.supply("b1", 9, seller=SAM, price_cents=1000)
    taxed.supply("b2", 9, seller=SUE, price_cents=700)
    return taxed


def placed(shop: Market, paying: Paying | None = None) -> str:
    """Two of Sam's and one of Sue's, delivered for 3.99, and paid."""
    return shop.paid(("b1", 2), ("b2", 1), by=paying, address=ADDRESS)


def refunded(shop: Market, order_id: str) -> int:
    cents: int = shop.seen(order_id)["payment"]["refunded_cents"]
    return cents


def test_an_amount_goes_back_and_the_copies_stay(shop: Market):
    order_id = placed(shop)
    shop.ship(order_id)
    seen = shop.refund(order_id, amount_cents=DELIVERY, reason="late")
    assert seen["shipments"][0]["goodwill_cents"] == DELIVERY
    assert (seen["shipments"][0]["status"], seen["payment"]["status"]) == ("shipped", "partially_refunded")
    assert "taken_back" not in seen["items"][0]
    assert seen["shipments"][0]["history"][-1]["status"] == "partially_refunded"
    assert (refunded(shop, order_id), shop.left("b1")) == (DELIVERY, 7)
    assert shop.ledger(order_id)[-1] == ("refunded", DELIVERY, "sam")
    assert shop.count("sandbox_charges", f"kind = 'refund' AND amount_cents = {DELIVERY}") == 1
    told = shop.events("order.refunded")
    assert [(event.version, event.data["shipment"]) for event in told] == [(4, {"seller_id": "sam"})]
    # Whoever counts copies finds none taken back.
    assert [item["taken_back"] for item in told[0].data["items"]] == [0, 0]


def test_no_more_goes_back_than_was_paid_for_the_part(shop: Market):
    order_id = placed(shop)
    shop.refund(order_id, amount_cents=SAMS - 100)
    before = shop.seen(order_id)
    with pytest.raises(Conflict, match="100 cents are left") as refused:
        shop.refund(order_id, amount_cents=101)
    assert (refused.value.extra, shop.seen(order_id)) == ({"left_cents": 100}, before)
    shop.refund(order_id, amount_cents=100)
    shop.refund(order_id, seller=SUE, amount_cents=SUES)
    assert refunded(shop, order_id) == SAMS + SUES
    assert shop.seen(order_id)["status"] == "paid"


@pytest.mark.parametrize("goodwill", [1, 500, 1500, SAMS])
def test_what_was_given_back_already_does_not_go_back_with_the_copies(shop: Market, goodwill: int):
    order_id = placed(shop)
    shop.refund(order_id, amount_cents=goodwill)
    shop.refund(order_id, ("b1", 1))
    # One copy at 10.00 with 0.83 tax is kept.
    assert refunded(shop, order_id) == SAMS - max(0, 1083 - goodwill)
    shop.refund(order_id)
    assert refunded(shop, order_id) == SAMS
    with pytest.raises(Conflict, match="is refunded"):
        shop.refund(order_id, amount_cents=1)
    shop.refund(order_id, seller=SUE)
    assert refunded(shop, order_id) == SAMS + SUES + DELIVERY


def test_a_cancel_gives_back_the_rest(shop: Market):
    order_id = placed(shop)
    shop.refund(order_id, amount_cents=300)
    assert shop.cancel(order_id)["payment"]["status"] == "refunded"
    assert refunded(shop, order_id) == SAMS + SUES + DELIVERY


def test_of_cash_that_was_not_collected_yet_nothing_goes_back(shop: Market):
    order_id = placed(shop, cash())
    with pytest.raises(Conflict, match="0 cents are left"):
        shop.refund(order_id, amount_cents=1)
    shop.ship(order_id)
    shop.refund(order_id, amount_cents=300)
    assert (refunded(shop, order_id), shop.count("sandbox_charges")) == (300, 0)
    shop.refund(order_id)
    assert refunded(shop, order_id) == SAMS


def test_the_same_amount_twenty_times_at_once_goes_back_once(shop: Market):
    order_id = placed(shop)
    answers = together(20, lambda _: shop.refund(order_id, amount_cents=300, key="k"))
    assert len({str(answer) for answer in answers}) == 1
    assert refunded(shop, order_id) == 300


def test_many_amounts_at_once_never_come_to_more_than_was_paid(shop: Market):
    order_id = placed(shop)
    together(12, lambda number: shop.refund(order_id, amount_cents=900, key=f"k{number}"))
    assert refunded(shop, order_id) in {900, 1800}


@pytest.mark.parametrize(("processor", "given"), [(DiesAfterRefunding(), 300), (DiesBeforeRefunding(), 0)])
def test_an_amount_of_which_nobody_knows_is_settled_by_the_timer(shop: Market, processor: Any, given: int):
    order_id = placed(shop)
    with pytest.raises(Crash):
        shop.refund(order_id, amount_cents=300, processor=processor)
    with pytest.raises(Conflict, match="on its way"):
        shop.refund(order_id, amount_cents=300)
    assert shop.time_passes(now() + timedelta(seconds=61))["settled"] == 1
    assert refunded(shop, order_id) == given


def test_an_amount_is_of_one_sellers_part(shop: Market):
    order_id = placed(shop)
    with pytest.raises(InvalidFields, match="seller_id"):
        shop.refund(order_id, seller=ADMIN, amount_cents=100)
    shop.refund(order_id, seller=ADMIN, seller_id="sue", amount_cents=100)
    assert shop.ledger(order_id)[-1] == ("refunded", 100, "sue")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount_cents": 0}, "amount_cents"),
        ({"amount_cents": 5, "items": [{"book_id": "b1", "quantity": 1}]}, "amount_cents"),
        ({"amount_cents": 5, "restock": True}, "restock"),
    ],
)
def test_an_amount_stands_alone(wrong: dict[str, Any], field: str):
    with pytest.raises(ValueError, match=field):
        Refunding.model_validate(wrong)
