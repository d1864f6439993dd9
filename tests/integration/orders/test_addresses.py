"""Saved addresses: their owner's alone, and an order keeps its own copy."""

from typing import Any

import pytest
from pydantic import ValidationError

from bookstore.errors import Conflict, InvalidFields, NotFound
from bookstore.orders.addresses import MOST, create_address, delete_address, list_addresses, update_address
from bookstore.orders.models import Address, Basket
from tests.integration.orders.market import Market
from tests.integration.together import together

HOME = Address(name="Ann", line1="1 High St", city="London", country="United Kingdom")
WORK = Address(name="Ann", line1="2 Low St", line2="Floor 3", city="Leeds", postal_code="LS1", country="UK")


def saved(owner: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = list_addresses(owner_id=owner)["items"]
    return items


def to(address_id: str, **more: Any) -> Basket:
    delivery = {"method": "standard", "address_id": address_id, **more}
    return Basket.model_validate({"items": [{"book_id": "b1", "quantity": 1}], "delivery": delivery})


def test_addresses_are_saved_listed_replaced_and_deleted(market: Market):
    home = create_address(HOME, owner_id="ann")
    work = create_address(WORK, owner_id="ann")
    assert [address["id"] for address in saved("ann")] == [work["id"], home["id"]]
    assert home.items() >= HOME.model_dump(exclude_none=True).items()
    changed = update_address(home["id"], WORK, owner_id="ann")
    assert changed == {**work, "id": home["id"], "created_at": home["created_at"]}
    delete_address(work["id"], owner_id="ann")
    assert saved("ann") == [changed]


def test_nobody_else_sees_or_touches_an_address(market: Market):
    home = create_address(HOME, owner_id="ann")
    assert saved("zoe") == []
    with pytest.raises(NotFound):
        update_address(home["id"], WORK, owner_id="zoe")
    with pytest.raises(NotFound):
        delete_address(home["id"], owner_id="zoe")
    assert saved("ann") == [home]


def test_there_are_twenty_at_the_most(market: Market):
    for _ in range(MOST):
        create_address(HOME, owner_id="ann")
    with pytest.raises(Conflict, match="20"):
        create_address(HOME, owner_id="ann")
    assert create_address(HOME, owner_id="zoe")["city"] == "London"


def test_there_are_no_more_than_twenty_however_many_are_saved_at_once(market: Market):
    def save(_: int) -> int:
        try:
            create_address(HOME, owner_id="ann")
        except Conflict as refused:
            return refused.status
        return 201

    for _ in range(MOST - 1):
        save(0)
    for _ in range(10):
        assert sorted(together(20, save)) == [201] + [409] * 19
        delete_address(saved("ann")[0]["id"], owner_id="ann")


def test_an_order_goes_to_a_saved_address_and_keeps_it_as_it_was(market: Market):
    market.supply("b1", 5)
    home = create_address(HOME, owner_id="ann")
    placed = market.place(to(home["id"]))
    update_address(home["id"], WORK, owner_id="ann")
    delete_address(home["id"], owner_id="ann")
    assert market.seen(placed["id"])["delivery"]["address"] == HOME.model_dump(exclude_none=True)


def test_somebody_elses_address_is_refused_and_nothing_is_reserved(market: Market):
    market.supply("b1", 5)
    others = create_address(HOME, owner_id="zoe")
    with pytest.raises(InvalidFields) as refused:
        market.place(to(others["id"]))
    assert refused.value.errors[0]["field"] == "delivery.address_id"
    assert (market.left("b1"), market.count("orders")) == (5, 0)


def test_an_order_names_one_address_only():
    with pytest.raises(ValidationError, match="beside address_id"):
        to("a1", address=HOME.model_dump())
