"""Whatever becomes of orders, and however their events arrive, the sales end as the orders do."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookstore.catalog.sales import record_sale
from bookstore.database import execute, fetch_all
from bookstore.events.envelope import Event
from tests.handlers import call
from tests.integration.catalog.conftest import token_of
from tests.integration.catalog.market import NOON, order_event

SELLERS = {"b0": "sam", "b1": "sam", "b2": "sue"}
PRICES = {"b0": 1000, "b1": 250, "b2": 0}
STEPS = st.lists(
    st.tuples(st.just("refund"), st.sampled_from(sorted(SELLERS)), st.integers(1, 4))
    | st.tuples(st.just("refund all"), st.sampled_from(["sam", "sue"]), st.just(0))
    | st.tuples(st.just("ship"), st.sampled_from(["sam", "sue"]), st.just(0))
    | st.tuples(st.just("cancel"), st.just(""), st.just(0)),
    max_size=6,
)


@dataclass
class Order:
    """An order as the orders domain keeps it, and the events that it tells of itself."""

    id: str
    quantities: dict[str, int]
    paid: str
    """The status of the payment when it was made; empty when it never was."""
    gone: Counter[str] = field(default_factory=Counter)
    returned: Counter[tuple[str, str]] = field(default_factory=Counter)
    cancelled: bool = False
    shipped: set[str] = field(default_factory=set)
    version: int = 1

    def live(self, steps: list[tuple[str, str, int]]) -> Iterator[Event]:
        if self.paid:
            yield self._tell("paid", payment=self.paid)
        for step, target, copies in steps:
            if step == "cancel" and not self.cancelled and not self.shipped:
                self.cancelled = True
                yield self._back("cancelled", self.quantities)
            elif step == "ship" and self.paid and not self.cancelled and target not in self.shipped:
                if any(SELLERS[book] == target and self.kept_or_promised(book) for book in self.quantities):
                    self.shipped.add(target)
                    yield self._tell("shipped", target, payment="captured")
            elif step.startswith("refund") and self.paid and not self.cancelled:
                wanted = {target: copies} if step == "refund" else self.quantities
                seller = SELLERS.get(target, target)
                books = {book: wanted[book] for book in wanted if SELLERS[book] == seller and book in self.quantities}
                if any(self.quantities[book] > self.gone[book] for book in books):
                    yield self._back("refunded", books, seller)

    def kept(self, book: str) -> int:
        """The copies that the buyer keeps and money came for."""
        return self.kept_or_promised(book) if self.paid == "captured" or SELLERS[book] in self.shipped else 0

    def kept_or_promised(self, book: str) -> int:
        return self.quantities[book] - self.gone[book]

    def _back(self, kind: str, wanted: dict[str, int], seller: str | None = None) -> Event:
        for book, copies in wanted.items():
            back = min(copies, self.quantities[book] - self.gone[book])
            self.gone[book] += back
            self.returned[book, self._day(self.version + 1)] += back
        return self._tell(kind, seller)

    def _tell(self, kind: str, seller: str | None = None, payment: str | None = None) -> Event:
        self.version += 1
        lines = [self._line(book) for book in self.quantities]
        at = NOON + timedelta(self.version)
        return order_event(kind, self.id, self.version, *lines, seller=seller, payment=payment, at=at)

    def _line(self, book: str) -> dict[str, Any]:
        copied = {"book_id": book, "seller_id": SELLERS[book], "title": book.upper(), "price_cents": PRICES[book]}
        return copied | {"quantity": self.quantities[book], "taken_back": self.gone[book]}

    @staticmethod
    def _day(version: int) -> str:
        return (NOON + timedelta(version)).date().isoformat()

    def figures(self, seller: str) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
        """What each day has of a seller."""
        for book, quantity in self.quantities.items() if self.paid else ():
            if SELLERS[book] == seller:
                yield self._day(2), (quantity, quantity * PRICES[book], 0, 0)
        for (book, day), copies in self.returned.items() if self.paid else ():
            if SELLERS[book] == seller and copies:
                yield day, (0, 0, copies, copies * PRICES[book])


ORDER = st.tuples(
    st.dictionaries(st.sampled_from(sorted(SELLERS)), st.integers(1, 5), min_size=1),
    st.sampled_from(["", "due", "captured"]),
    STEPS,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(ORDER, min_size=1, max_size=4), st.data())
def test_sales_are_those_of_the_orders_however_their_events_arrive(catalog_db, domain_secrets, told, data):
    for table in ("sales", "sale_returns", "works", "books", "gone_books"):
        execute(catalog_db, f"DELETE FROM {table}")
    for book in SELLERS:
        execute(catalog_db, "INSERT INTO works (id) VALUES (%s)", [f"work of {book}"])
        execute(catalog_db, "INSERT INTO gone_books (book_id, work_id) VALUES (%s, %s)", [book, f"work of {book}"])
    orders, events = [], []
    for number, (quantities, paid, steps) in enumerate(told):
        orders.append(Order(f"o{number}", quantities, paid))
        events += list(orders[-1].live(steps))
    again = data.draw(st.lists(st.sampled_from(events), max_size=8)) if events else []
    for event in data.draw(st.permutations(events + again)):
        record_sale(event)
    assert_works_have_sold(catalog_db, orders)
    for seller in ("sam", "sue"):
        assert_figures(seller, orders)


def assert_works_have_sold(catalog_db, orders):
    expected = Counter({f"work of {book}": 0 for book in SELLERS})
    for order in orders:
        expected.update({f"work of {book}": order.kept(book) for book in order.quantities})
    assert {row["id"]: row["sold"] for row in fetch_all(catalog_db, "SELECT id, sold FROM works")} == dict(expected)


def assert_figures(seller, orders):
    expected: dict[str, tuple[int, ...]] = {}
    for order in orders:
        for day, figures in order.figures(seller):
            expected[day] = tuple(a + b for a, b in zip(expected.get(day, (0,) * 4), figures, strict=True))
    period = {"since": "2026-03-01", "until": "2026-03-31"}
    answer = call("list-sales", query=period, token=token_of(seller)).body
    assert {item.pop("day"): tuple(item.values()) for item in answer["items"]} == expected
    total = [sum(figures) for figures in zip(*expected.values(), strict=True)] or [0] * 4
    assert list(answer["total"].values()) == total
