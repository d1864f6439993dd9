"""The order page shows what its viewer can do, and does it."""

import pytest

from client.api import Answer, ApiError
from tests.unit.client.fakes import form_of, make_order

SHIPPED = [{"seller_id": "u9", "status": "shipped", "tracking": "TR-1", "at": "2026-01-03T03:04:05Z"}]


@pytest.mark.parametrize(
    ("changes", "present", "absent"),
    [
        ({}, ["Pay now", "Cancel the order"], ["Mark as shipped"]),
        ({"status": "paid"}, ["Cancel the order"], ["Pay now"]),
        ({"status": "shipped", "shipments": SHIPPED}, ["TR-1"], ["Pay now", "Cancel the order"]),
        ({"status": "expired"}, ["Expired"], ["Pay now", "Cancel the order"]),
        ({"buyer": {"id": "u5", "name": "Bo"}}, [], ["Pay now", "Cancel the order", "Refund"]),
    ],
)
def test_an_order_offers_what_its_state_allows(signed_in, api, changes, present, absent):
    api.says["GET", "/orders/o1"] = Answer(make_order(**changes))
    page = signed_in.get("/orders/o1").text
    assert all(text in page for text in present)
    assert not any(text in page for text in absent)


def test_a_seller_ships_the_own_parcel_with_a_tracking_number(signed_in, api):
    own = [{"seller_id": "u1", "status": "open", "tracking": None, "at": "2026-01-03T03:04:05Z"}]
    api.says["GET", "/orders/o1"] = Answer(make_order(status="paid", buyer={"id": "u5", "name": "Bo"}, shipments=own))
    api.says["POST", "/orders/o1/ship"] = Answer(make_order())
    assert "Mark as shipped" in signed_in.get("/orders/o1").text
    signed_in.post("/orders/o1/ship", {"tracking": " TR-2 ", "carrier": "DHL"})
    assert api.sent("POST", "/orders/o1/ship")[0].body == {"tracking": "TR-2", "carrier": "DHL"}


@pytest.fixture
def sold(signed_in, api):
    """A seller's own part of an order, shipped under a number that the API knows."""
    parcel = {"status": "shipped", "tracking": "TR-1", "carrier": "Ünique", "tracking_url": "https://x.example/TR-1"}
    own = [{"seller_id": "u1", "at": "2026-01-03T03:04:05Z", **parcel}]
    order = make_order(status="shipped", buyer={"id": "u5", "name": "Bo"}, shipments=own)
    api.says["GET", "/orders/o1"] = Answer(order)
    api.says["GET", "/orders"] = Answer({"items": [order], "next_cursor": None})
    api.says["POST", "/orders/o1/ship"] = Answer(order)
    return signed_in


@pytest.mark.parametrize("path", ["/orders/o1", "/selling/orders"])
def test_a_mistyped_tracking_number_is_corrected_where_the_order_stands(sold, api, path):
    form = form_of(sold.get(path).text, "/orders/o1/tracking")
    assert form["tracking"] == "TR-1"
    answer = sold.post("/orders/o1/tracking", form | {"tracking": "TR-2"})
    assert answer.location == "/orders/o1"
    # The carrier stays; the link of before would lead to another parcel.
    assert api.sent("POST", "/orders/o1/ship")[0].body == {"tracking": "TR-2", "carrier": "Ünique"}
    assert "The tracking number is saved." in sold.get("/orders/o1").text


def test_a_number_that_is_saved_as_it_was_keeps_its_link(sold, api):
    sold.post("/orders/o1/tracking", form_of(sold.get("/orders/o1").text, "/orders/o1/tracking"))
    assert not api.sent("POST", "/orders/o1/ship")


def test_no_tracking_number_is_no_correction(sold, api):
    sold.post("/orders/o1/tracking", {"tracking": " ", "carrier": "DHL"})
    assert not api.sent("POST", "/orders/o1/ship")
    assert "Enter the tracking number." in sold.get("/orders/o1").text


def test_a_tracking_number_that_the_api_refuses_is_not_told_as_saved(sold, api):
    api.says["POST", "/orders/o1/ship"] = ApiError(400, "Not valid.", {"tracking": "must not be blank"})
    sold.post("/orders/o1/tracking", {"tracking": "\u3164"})
    page = sold.get("/orders/o1").text
    assert "must not be blank" in page
    assert "is saved" not in page


def test_only_a_shipped_parcel_of_ones_own_is_corrected(sold, api):
    for status, seller in [("open", "u1"), ("refunded", "u1"), ("shipped", "u9")]:
        part = [{"seller_id": seller, "status": status, "tracking": "TR-1", "at": "2026-01-03T03:04:05Z"}]
        api.says["GET", "/orders/o1"] = Answer(make_order(status="paid", shipments=part))
        assert "/orders/o1/tracking" not in sold.get("/orders/o1").text


def test_whoever_waits_for_a_parcel_can_follow_it(sold, api):
    page = sold.get("/orders/o1").text
    assert '(Ünique)</span> <a href="https://x.example/TR-1"' in page


def test_cancelling_asks_first(signed_in, api):
    api.says["GET", "/orders/o1"] = Answer(make_order())
    api.says["POST", "/orders/o1/cancel"] = Answer(make_order(status="cancelled"))
    assert "Cancel this order?" in signed_in.get("/orders/o1/cancel").text
    assert not api.sent("POST", "/orders/o1/cancel")
    assert signed_in.post("/orders/o1/cancel").location == "/orders/o1"


def test_what_the_state_does_not_allow_is_explained_on_the_order(signed_in, api):
    api.says["GET", "/orders/o1"] = Answer(make_order())
    api.says["POST", "/orders/o1/cancel"] = ApiError(409, "A parcel is on its way already.")
    signed_in.post("/orders/o1/cancel")
    assert "A parcel is on its way already." in signed_in.get("/orders/o1").text


@pytest.mark.parametrize("action", ["cancel", "ship", "refund"])
def test_a_form_that_is_sent_twice_tells_what_it_did(signed_in, api, action):
    done = {"cancel": "cancelled", "ship": "shipped", "refund": "refunded"}[action]
    mine = [{"seller_id": "u1", "status": done, "at": "2026-01-03T03:04:05Z"}]
    api.says["GET", "/orders/o1"] = Answer(make_order(status=done, shipments=mine))
    api.says["POST", f"/orders/o1/{action}"] = ApiError(409, "It cannot be done.")
    signed_in.post(f"/orders/o1/{action}")
    page = signed_in.get("/orders/o1").text
    assert "It cannot be done." not in page
    assert 'class="notice ok"' in page


@pytest.mark.parametrize("action", ["ship", "refund"])
def test_what_became_of_anothers_part_is_not_told_of_the_own_one(signed_in, api, action):
    parts = [{"seller_id": seller, "at": "2026-01-03T03:04:05Z"} for seller in ("u1", "u9")]
    parts[0]["status"], parts[1]["status"] = "cancelled", {"ship": "shipped", "refund": "refunded"}[action]
    api.says["GET", "/orders/o1"] = Answer(make_order(status="shipped", shipments=parts))
    api.says["POST", f"/orders/o1/{action}"] = ApiError(409, "It cannot be done.")
    signed_in.post(f"/orders/o1/{action}")
    assert "It cannot be done." in signed_in.get("/orders/o1").text


@pytest.mark.parametrize("action", ["cancel", "refund"])
def test_what_is_over_is_not_asked_again(signed_in, api, action):
    api.says["GET", "/orders/o1"] = Answer(make_order(status="cancelled"))
    assert signed_in.get(f"/orders/o1/{action}").location == "/orders/o1"


def test_a_seller_sees_whose_order_it_is_and_no_price_of_a_delivery(signed_in, api):
    own = [{"seller_id": "u1", "status": "open", "at": "2026-01-03T03:04:05Z"}]
    api.says["GET", "/orders/o1"] = Answer(make_order(status="paid", buyer={"id": "u5", "name": "Bo"}, shipments=own))
    page = signed_in.get("/orders/o1").text
    assert "Ordered by Bo" in page
    assert "Free" not in page


@pytest.mark.parametrize(
    ("delivery", "shown"),
    [
        ({"method": "standard", "country": "Colombia"}, 'Standard delivery to</h3>\n<p dir="auto">Colombia</p>'),
        ({"method": "express"}, "Express delivery</h3>\n</div>"),
        ({"method": "pickup"}, "To be picked up at the shop</h3>\n</div>"),
    ],
)
def test_what_a_seller_is_not_told_leaves_no_gap(signed_in, api, delivery, shown):
    own = [{"seller_id": "u1", "status": "open", "at": "2026-01-03T03:04:05Z"}]
    order = make_order(status="paid", buyer={"id": "u5", "name": ""}, shipments=own, delivery=delivery)
    api.says["GET", "/orders/o1"] = Answer(order)
    api.says["GET", "/orders"] = Answer({"items": [order], "next_cursor": None})
    page = signed_in.get("/orders/o1").text
    assert "<h2>Summary</h2>" in page
    assert "Ordered by" not in page
    assert shown in page
    assert "</a></h3>" in signed_in.get("/selling/orders").text


def test_no_parcel_is_packed_before_it_is_paid(signed_in, api):
    api.says["GET", "/orders/o1"] = Answer(make_order())
    assert "Being packed" not in signed_in.get("/orders/o1").text
    api.says["GET", "/orders/o1"] = Answer(make_order(status="paid"))
    assert "Being packed" in signed_in.get("/orders/o1").text


def test_a_refund_is_sent_under_the_key_of_its_page(signed_in, api):
    api.says["POST", "/orders/o1/refund"] = Answer(make_order())
    signed_in.post("/orders/o1/refund", {"key": "k-1"})
    assert api.sent("POST", "/orders/o1/refund")[0].key == "k-1"


def test_the_current_station_is_marked_for_everybody(signed_in, api):
    history = [{"status": status, "at": "2026-01-02T03:04:05Z"} for status in ("pending", "paid")]
    api.says["GET", "/orders/o1"] = Answer(make_order(status="paid", history=history))
    page = signed_in.get("/orders/o1").text
    assert page.count('aria-current="step"') == 1
    assert page.count('<li class="done"') == 2
    assert "not yet" in page
