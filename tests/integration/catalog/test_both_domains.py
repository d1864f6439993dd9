"""Catalog and orders together: what one tells arrives at the other late, shuffled and more than once."""

import random
from collections import defaultdict
from contextlib import suppress

import pytest

from bookstore.catalog.sales import record_sale
from bookstore.catalog.stock import sync_catalog
from bookstore.database import fetch_all
from bookstore.errors import BookstoreError
from bookstore.orders.sync import sync_inventory
from tests.integration import outbox
from tests.integration.catalog.market import told
from tests.integration.catalog.test_wishes import waits
from tests.integration.orders.market import SAM, SUE, Market, card, cash, person

BUYERS = [person(f"buyer{number}") for number in range(3)]
WHO_LISTENS = {
    "book.created": sync_inventory,
    "stock.changed": sync_catalog,
    "order.paid": record_sale,
    "order.shipped": record_sale,
    "order.cancelled": record_sale,
    "order.refunded": record_sale,
}


TAKE_BATCHES = (sync_inventory, sync_catalog)


class Deliveries:
    """The events of both domains; each comes at least once, in no order."""

    def __init__(self, dice, *outboxes):
        self._dice, self._outboxes, self._seen = dice, outboxes, set()

    def some(self):
        self._deliver(lambda count: self._dice.randrange(count + 1))

    def all(self):
        while self._deliver(lambda count: count):
            pass

    def _batches(self, events):
        """The events by who listens, those who take several at once with a part of what waits."""
        waiting = defaultdict(list)
        for event in events:
            waiting[WHO_LISTENS[event.type]].append(event)
        for listener, heard in waiting.items():
            while heard:
                size = self._dice.randint(1, 5) if listener in TAKE_BATCHES else 1
                yield listener, [heard.pop(0) for _ in range(min(size, len(heard)))]

    def _deliver(self, how_many):
        events = [event for db in self._outboxes for event in outbox.told(db) if event.type in WHO_LISTENS]
        new = [event for event in events if event.id not in self._seen]
        chosen = self._dice.sample(new, how_many(len(new)))
        again = self._dice.sample(events, min(3, len(events)))
        for listener, heard in self._batches([*chosen, *again]):
            listener(*heard)
        self._seen |= {event.id for event in chosen}
        return chosen


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_sales_stock_and_those_who_wait_end_as_the_orders_do(
    catalog_db, orders_db, list_book, sue, seed
):
    dice, market = random.Random(seed), Market(orders_db)
    books = [list_book(stock=3).body, list_book(sue, title="Persuasion", stock=1).body]
    deliveries = Deliveries(dice, catalog_db, orders_db)
    deliveries.all()
    orders = []
    for _ in range(25):
        happens(dice, market, books, orders)
        deliveries.some()
    deliveries.all()
    assert_stock_is_equal(catalog_db, orders_db)
    assert_sales_are_those_of_the_orders(catalog_db, orders_db)
    names = [name for name, _ in told(catalog_db)]
    assert len(names) == len(set(names))


def happens(dice, market, books, orders):
    """Something that a buyer or a seller may do, or that is refused."""
    buyer, order_id = dice.choice(BUYERS), dice.choice(orders or ["none"])
    acts = [
        lambda: orders.append(market.order(*basket(dice, books), buyer=buyer)["id"]),
        lambda: market.pay(order_id, dice.choice([card(), cash()]), buyer=buyer),
        lambda: market.cancel(order_id, buyer=buyer),
        lambda: market.ship(order_id, seller=dice.choice([SAM, SUE])),
        lambda: market.refund(order_id, seller=dice.choice([SAM, SUE])),
        lambda: waits(f"reader{dice.randrange(10**9)}", dice.choice(books)),
    ]
    with suppress(BookstoreError):
        dice.choice([*acts, *acts[:2]])()


def basket(dice, books):
    return [(book["id"], dice.randint(1, 2)) for book in dice.sample(books, dice.randint(1, 2))]


def assert_stock_is_equal(catalog_db, orders_db):
    shown = {row["id"]: row["stock"] for row in fetch_all(catalog_db, "SELECT id, stock FROM books")}
    left = {row["id"]: row["stock"] for row in fetch_all(orders_db, "SELECT book_id AS id, stock FROM inventory")}
    assert shown == left


def assert_sales_are_those_of_the_orders(catalog_db, orders_db):
    sold = fetch_all(
        orders_db,
        "SELECT order_id, book_id, IF(s.status = 'shipped' OR s.status = 'open' AND method <> 'cash_on_delivery',"
        "  quantity, 0) AS kept FROM order_items"
        " JOIN shipments s USING (order_id, seller_id) JOIN payments p USING (order_id)"
        " WHERE p.status <> 'declined' ORDER BY order_id, book_id",
    )
    kept = "SELECT order_id, book_id, kept FROM sales WHERE paid_at IS NOT NULL ORDER BY order_id, book_id"
    assert fetch_all(catalog_db, kept) == sold
    works = {row["work_id"]: 0 for row in fetch_all(catalog_db, "SELECT work_id FROM books")}
    by_work = {
        row["book_id"]: row["work_id"] for row in fetch_all(catalog_db, "SELECT id AS book_id, work_id FROM books")
    }
    for line in sold:
        works[by_work[line["book_id"]]] += line["kept"]
    assert {row["id"]: row["sold"] for row in fetch_all(catalog_db, "SELECT id, sold FROM works")} == works
