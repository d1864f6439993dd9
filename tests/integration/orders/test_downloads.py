"""What people take along of their orders, their money and their stock."""

import pytest

from bookstore.errors import PaymentRequired
from bookstore.fields import NumberedQuery, PageQuery
from bookstore.orders.corrections import list_movements
from bookstore.orders.downloads import orders_data, stock_data
from bookstore.orders.ledger import list_payments
from bookstore.orders.sync import sync_inventory
from tests.integration.orders.market import ANN, DECLINED, SAM, SUE, Market, book_event, card


@pytest.fixture(autouse=True)
def _books(market: Market) -> None:
    market.supply("b1", 5)
    market.supply("b2", 5, seller=SUE)


def test_everybody_reads_the_orders_that_they_have_a_part_in_page_by_page(market: Market):
    mixed, bought = market.order(("b1", 1), ("b2", 1))["id"], market.order(("b2", 1), buyer=SAM)["id"]
    market.order(("b2", 1))
    first = orders_data(PageQuery(limit=1), reader=SAM)
    second = orders_data(PageQuery(limit=1, cursor=first["next_cursor"]), reader=SAM)
    assert [page["items"][0]["id"] for page in (first, second)] == [bought, mixed]
    assert [item["seller_id"] for item in second["items"][0]["items"]] == ["sam"]
    assert second["next_cursor"] is None
    assert len(orders_data(PageQuery(), reader=ANN)["items"]) == 2


def test_an_order_comes_with_its_money_its_attempts_and_what_it_took_from_the_stock(market: Market):
    order_id = market.order(("b1", 2), ("b2", 1))["id"]
    with pytest.raises(PaymentRequired):
        market.pay(order_id, card(DECLINED))
    market.pay(order_id)
    market.refund(order_id, ("b1", 1), reason="damp")
    bought, sold = (orders_data(PageQuery(), reader=reader)["items"][0] for reader in (ANN, SUE))
    assert bought["payments"] == list_payments(order_id, NumberedQuery(), reader=ANN)["items"]
    assert [(each["kind"], each["status"], each["last4"]) for each in bought["attempts"][:2]] == [
        ("pay", "declined", "0002"),
        ("pay", "succeeded", "4242"),
    ]
    assert (bought["attempts"][2]["kind"], bought["attempts"][2]["reason"]) == ("refund", "damp")
    moves = [(each["book_id"], each["kind"], each["quantity"]) for each in bought["movements"]]
    assert moves == [("b1", "sold", -2), ("b2", "sold", -1), ("b1", "returned", 1)]
    assert [entry["seller_id"] for entry in sold["payments"]] == ["sue", "sue"]
    assert (sold["attempts"], [each["book_id"] for each in sold["movements"]]) == ([], ["b2"])


def test_a_seller_reads_what_is_kept_of_every_book_they_ever_listed(market: Market):
    market.supply("b3", 1)
    sync_inventory(book_event("deleted", "b1", 2, 5))
    first = stock_data(PageQuery(limit=1), seller=SAM)
    kept = [*first["items"], *stock_data(PageQuery(cursor=first["next_cursor"]), seller=SAM)["items"]]
    assert [(book["book_id"], book["available"], book["stock"]) for book in kept] == [("b3", True, 1), ("b1", False, 5)]
    assert kept[1]["movements"] == "/api/books/b1/movements"
    assert list_movements("b1", NumberedQuery(), reader=SAM)["items"], "also of a book that was taken off"
