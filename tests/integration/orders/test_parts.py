"""Orders of several sellers: shipping, refunding and cancelling, and the money that goes with them."""

from datetime import timedelta
from typing import Any

import pytest

from bookstore.clock import now
from bookstore.database import fetch_one
from bookstore.errors import BookstoreError, Conflict, Forbidden, InvalidFields, NotFound
from bookstore.orders.models import Basket, Paying
from tests.integration.orders.market import ADMIN, ANN, SAM, SUE, Market, card, cash, person
from tests.integration.orders.processors import Crash, DiesAfterRefunding


@pytest.fixture
def two_sellers(market: Market) -> Market:
    market.supply("sams", 5, seller=SAM, price_cents=1000)
    market.supply("sues", 5, seller=SUE, price_cents=700)
    return market


def placed(market: Market, paying: Paying) -> str:
    """An order of 2 x 10.00 from Sam and 7.00 from Sue, delivered for 3.99, and paid."""
    address = {"name": "Ann", "line1": "1 High St", "city": "London", "country": "United Kingdom"}
    items = [{"book_id": "sams", "quantity": 2}, {"book_id": "sues", "quantity": 1}]
    basket = {"items": items, "delivery": {"method": "standard", "address": address}}
    order_id: str = market.place(Basket.model_validate(basket))["id"]
    market.pay(order_id, paying)
    return order_id


def money(market: Market, order_id: str) -> tuple[str, int, int, int]:
    row = fetch_one(market.db, "SELECT * FROM payments WHERE order_id = %s", [order_id])
    assert row is not None
    return row["status"], row["due_cents"], row["captured_cents"], row["refunded_cents"]


def parts(order: dict[str, Any]) -> dict[str, str]:
    return {part["seller_id"]: part["status"] for part in order["shipments"]}


def test_each_seller_sees_and_ships_the_own_part_only(two_sellers: Market):
    order_id = placed(two_sellers, card())
    mine = two_sellers.ship(order_id, tracking="T-1")
    assert parts(mine) == {"sam": "shipped"}
    assert [item["book_id"] for item in mine["items"]] == ["sams"]
    assert (mine["status"], mine["total_cents"], mine["delivery_cents"]) == ("paid", 2000, 0)
    assert mine["payment"] == {"method": "card", "status": "captured"}
    assert two_sellers.ship(order_id, seller=SUE)["status"] == "shipped"
    whole = two_sellers.seen(order_id)
    assert (parts(whole), whole["shipments"][0]["tracking"]) == ({"sam": "shipped", "sue": "shipped"}, "T-1")


def test_every_shipped_part_is_told_with_its_seller(two_sellers: Market):
    order_id = placed(two_sellers, card())
    two_sellers.ship(order_id)
    two_sellers.ship(order_id, seller=SUE)
    told = two_sellers.events("order.shipped")
    assert [(event.version, event.data["status"], event.data["shipment"]["seller_id"]) for event in told] == [
        (3, "paid", "sam"),
        (4, "shipped", "sue"),
    ]


def test_what_was_not_paid_or_is_shipped_already_is_not_shipped(two_sellers: Market):
    with pytest.raises(Conflict, match="is pending"):
        two_sellers.ship(two_sellers.order(("sams", 1))["id"])
    order_id = placed(two_sellers, card())
    two_sellers.ship(order_id)
    with pytest.raises(Conflict, match="is shipped"):
        two_sellers.ship(order_id)


def test_a_part_refunded_before_shipping_returns_to_the_stock(two_sellers: Market):
    order_id = placed(two_sellers, card())
    assert parts(two_sellers.refund(order_id)) == {"sam": "refunded"}
    assert money(two_sellers, order_id) == ("partially_refunded", 0, 3099, 2000)
    assert (two_sellers.left("sams"), two_sellers.left("sues")) == (5, 4)
    assert two_sellers.seen(order_id)["status"] == "paid"


def test_an_order_whose_every_part_was_refunded_before_shipping_is_cancelled(two_sellers: Market):
    order_id = placed(two_sellers, card())
    two_sellers.refund(order_id)
    assert two_sellers.refund(order_id, seller=SUE)["status"] == "cancelled"
    assert money(two_sellers, order_id) == ("refunded", 0, 3099, 3099)


def test_an_order_is_shipped_when_its_last_open_part_is_refunded_and_another_was_shipped(two_sellers: Market):
    order_id = placed(two_sellers, card())
    two_sellers.ship(order_id)
    assert two_sellers.refund(order_id, seller=SUE)["status"] == "shipped"


def test_a_part_refunded_after_shipping_stays_with_the_buyer_and_the_order_stays_shipped(two_sellers: Market):
    order_id = placed(two_sellers, card())
    two_sellers.ship(order_id)
    two_sellers.ship(order_id, seller=SUE)
    two_sellers.refund(order_id)
    assert (two_sellers.left("sams"), two_sellers.seen(order_id)["status"]) == (3, "shipped")
    two_sellers.refund(order_id, seller=SUE)
    assert (money(two_sellers, order_id)[0], two_sellers.seen(order_id)["status"]) == ("refunded", "shipped")


def test_a_part_is_refunded_once(two_sellers: Market):
    order_id = placed(two_sellers, card())
    first = two_sellers.refund(order_id, key="k")
    assert two_sellers.refund(order_id, key="k") == first
    with pytest.raises(Conflict, match="is refunded"):
        two_sellers.refund(order_id)
    assert two_sellers.count("sandbox_charges", "kind = 'refund'") == 1


def test_cash_is_collected_at_shipping_and_what_was_not_shipped_is_only_waived(two_sellers: Market):
    order_id = placed(two_sellers, cash())
    assert money(two_sellers, order_id) == ("due", 3099, 0, 0)
    two_sellers.ship(order_id)
    assert money(two_sellers, order_id) == ("due", 700, 2399, 0)
    two_sellers.refund(order_id, seller=SUE)
    assert money(two_sellers, order_id) == ("captured", 0, 2399, 0)
    two_sellers.refund(order_id)
    assert money(two_sellers, order_id) == ("refunded", 0, 2399, 2399)
    assert two_sellers.count("sandbox_charges") == 0


@pytest.mark.parametrize("paying", [card(), cash(), Paying(method="pse")])
def test_a_paid_order_is_cancelled_by_its_buyer_and_its_money_goes_back(two_sellers: Market, paying: Paying):
    order_id = placed(two_sellers, paying)
    cancelled = two_sellers.cancel(order_id)
    assert (cancelled["status"], cancelled["payment"]["status"]) == ("cancelled", "refunded")
    assert (two_sellers.left("sams"), two_sellers.left("sues")) == (5, 5)
    assert len(two_sellers.events("order.cancelled")) == 1
    with pytest.raises(Conflict, match="is cancelled"):
        two_sellers.cancel(order_id)


def test_a_cancel_after_a_sellers_refund_gives_back_the_rest(two_sellers: Market):
    order_id = placed(two_sellers, card())
    two_sellers.refund(order_id)
    assert parts(two_sellers.cancel(order_id)) == {"sam": "refunded", "sue": "cancelled"}
    assert money(two_sellers, order_id) == ("refunded", 0, 3099, 3099)


def test_an_order_of_which_something_was_shipped_is_not_cancelled(two_sellers: Market):
    order_id = placed(two_sellers, card())
    two_sellers.ship(order_id)
    with pytest.raises(Conflict, match="shipped"):
        two_sellers.cancel(order_id)


def test_the_number_of_a_shipped_parcel_is_corrected(two_sellers: Market):
    order_id = placed(two_sellers, card())
    two_sellers.ship(order_id, tracking="T-1", carrier="UPS")
    before = two_sellers.seen(order_id), two_sellers.left("sams"), len(two_sellers.events())
    corrected = two_sellers.ship(order_id, tracking="t-1")["shipments"][0]
    assert (corrected["status"], corrected["tracking"], corrected["shipped_at"]) == (
        *("shipped", "t-1", before[0]["shipments"][0]["shipped_at"]),
    )
    assert corrected.keys() & {"carrier", "tracking_url"} == set()
    # The same again, and nothing to tell, is no correction.
    assert two_sellers.ship(order_id, tracking="t-1")["shipments"][0] == corrected
    with pytest.raises(Conflict, match="is shipped"):
        two_sellers.ship(order_id)
    after = two_sellers.seen(order_id)
    assert histories(after)["sam"] == ["shipped", "tracking_corrected"]
    assert (two_sellers.left("sams"), len(two_sellers.events())) == before[1:]
    two_sellers.ship(order_id, seller=SUE)
    assert two_sellers.ship(order_id, tracking="T-2")["status"] == "shipped"


def test_a_parcel_that_is_not_on_its_way_is_not_corrected(two_sellers: Market):
    order_id = placed(two_sellers, card())
    two_sellers.ship(order_id, tracking="T-1")
    two_sellers.refund(order_id)
    with pytest.raises(Conflict, match="is refunded"):
        two_sellers.ship(order_id, tracking="T-2")


def test_an_admin_acts_for_a_seller_whom_they_name(two_sellers: Market):
    order_id = placed(two_sellers, card())
    with pytest.raises(InvalidFields, match="seller_id") as refused:
        two_sellers.ship(order_id, seller=ADMIN, tracking="T-1")
    assert refused.value.errors[0]["message"].startswith("is required")
    assert parts(two_sellers.ship(order_id, seller=ADMIN, seller_id="sue", tracking="T-1")) == {"sue": "shipped"}
    assert "tracking" not in two_sellers.seen(order_id)["shipments"][0]
    # One part is left, so there is no question whose parcel it is.
    assert parts(two_sellers.ship(order_id, seller=ADMIN, tracking="T-2")) == {"sam": "shipped", "sue": "shipped"}
    with pytest.raises(InvalidFields, match="seller_id"):
        two_sellers.ship(order_id, seller=ADMIN, tracking="T-3")
    two_sellers.ship(order_id, seller=ADMIN, seller_id="sam", tracking="T-3")
    assert [part["tracking"] for part in two_sellers.seen(order_id)["shipments"]] == ["T-3", "T-1"]
    assert parts(two_sellers.refund(order_id, seller=ADMIN, seller_id="sam")) == {"sam": "refunded"}
    assert parts(two_sellers.seen(order_id)) == {"sam": "refunded", "sue": "shipped"}
    acts = [(event.data["act"], event.data["details"]) for event in two_sellers.events("orders.administered")]
    assert acts == [
        ("ship_order", {"buyer_id": "ann", "seller_id": "sue"}),
        ("ship_order", {"buyer_id": "ann"}),
        ("correct_tracking", {"buyer_id": "ann", "seller_id": "sam"}),
        ("refund_order", {"buyer_id": "ann", "seller_id": "sam"}),
    ]


def test_an_admin_who_sells_in_the_order_reaches_the_other_parts_by_name(market: Market):
    market.supply("sams", 5, seller=SAM)
    market.supply("roots", 5, seller=ADMIN)
    order_id = market.paid(("sams", 1), ("roots", 1))
    assert parts(market.ship(order_id, seller=ADMIN, tracking="T-1")) == {"root": "shipped"}
    assert market.events("orders.administered") == []
    assert parts(market.ship(order_id, seller=ADMIN, seller_id="sam", tracking="T-2")) == {"sam": "shipped"}


def test_only_an_admin_names_another_seller_and_only_one_of_the_order(two_sellers: Market):
    order_id = placed(two_sellers, card())
    for act in (two_sellers.ship, two_sellers.refund):
        with pytest.raises(Forbidden, match="another seller"):
            act(order_id, seller=SAM, seller_id="sue")
        with pytest.raises(Forbidden):
            act(order_id, seller=ANN, seller_id="sam")
        with pytest.raises(InvalidFields, match="seller_id"):
            act(order_id, seller=ADMIN, seller_id="zoe")
    assert parts(two_sellers.ship(order_id, seller=SAM, seller_id="sam")) == {"sam": "shipped"}


def test_an_admin_ships_and_refunds_all_parts(two_sellers: Market):
    order_id = placed(two_sellers, card())
    assert parts(two_sellers.ship(order_id, seller=ADMIN)) == {"sam": "shipped", "sue": "shipped"}
    assert parts(two_sellers.refund(order_id, seller=ADMIN)) == {"sam": "refunded", "sue": "refunded"}
    told = two_sellers.events("order.refunded")
    assert [(event.version, event.data["shipment"]["seller_id"]) for event in told] == [(5, "sam"), (6, "sue")]


def test_the_buyer_neither_ships_nor_refunds_and_strangers_see_no_order(two_sellers: Market):
    order_id = placed(two_sellers, card())
    for act in (two_sellers.ship, two_sellers.refund):
        with pytest.raises(Forbidden):
            act(order_id, seller=ANN)
        with pytest.raises(NotFound):
            act(order_id, seller=person("zoe"))


def test_a_refund_that_crashed_is_resumed_with_its_key(two_sellers: Market):
    order_id = placed(two_sellers, card())
    with pytest.raises(Crash):
        two_sellers.refund(order_id, key="k", processor=DiesAfterRefunding())
    with pytest.raises(BookstoreError, match="on its way"):
        two_sellers.ship(order_id)
    assert parts(two_sellers.refund(order_id, key="k")) == {"sam": "refunded"}
    assert two_sellers.count("sandbox_charges", "kind = 'refund'") == 1


def test_a_cancel_that_crashed_is_settled_by_the_timer(two_sellers: Market):
    order_id = placed(two_sellers, card())
    with pytest.raises(Crash):
        two_sellers.cancel(order_id, processor=DiesAfterRefunding())
    assert two_sellers.time_passes(now() + timedelta(seconds=61))["settled"] == 1
    assert two_sellers.seen(order_id)["status"] == "cancelled"


def histories(order: dict[str, Any]) -> dict[str, list[str]]:
    """What happened to the order as such, under "", and to each seller's part."""
    told = {"": order, **{part["seller_id"]: part for part in order["shipments"]}}
    return {name: [step["status"] for step in each["history"]] for name, each in told.items()}


def test_the_history_tells_of_every_part(two_sellers: Market):
    order_id = placed(two_sellers, card())
    two_sellers.ship(order_id)
    shipped_at = two_sellers.seen(order_id)["shipments"][0]["shipped_at"]
    two_sellers.refund(order_id, ("sams", 1))
    two_sellers.refund(order_id, seller=SUE)
    two_sellers.refund(order_id)
    whole = two_sellers.seen(order_id)
    assert histories(whole) == {
        "": ["pending", "paid", "shipped"],
        "sam": ["shipped", "partially_refunded", "refunded"],
        "sue": ["refunded"],
    }
    sams, sues = whole["shipments"]
    assert (sams["status"], sams["shipped_at"], sams["at"] > shipped_at) == ("refunded", shipped_at, True)
    assert "shipped_at" not in sues
    mine = two_sellers.seen(order_id, reader=SUE)
    assert histories(mine) == {"": ["pending", "paid", "shipped"], "sue": ["refunded"]}


def test_a_cancel_is_in_the_history_once(two_sellers: Market):
    order_id = placed(two_sellers, card())
    two_sellers.refund(order_id, seller=SUE)
    two_sellers.cancel(order_id)
    assert histories(two_sellers.seen(order_id)) == {
        "": ["pending", "paid", "cancelled"],
        "sam": [],
        "sue": ["refunded"],
    }
