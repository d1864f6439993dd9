"""Random walks through everything that sellers and buyers can do: whatever they did, all of it balances."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bookstore.audit.__main__ import audit
from bookstore.database import connection, fetch_all
from tests.integration.audit.bookshop import ACTIONS, Bookshop
from tests.made_up import THE_SAME

NUMBERS = some.integers(0, 99)
# One database sees all walks, so what one spoiled cannot be found by walking a shorter way.
# And as they must have come everywhere in the end, they are the same ones in every run, unless others are asked for.
ON_ONE_DATABASE = {
    "derandomize": THE_SAME,
    "database": None,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.generate],
}
STEPS = some.lists(some.tuples(some.sampled_from(ACTIONS), NUMBERS, NUMBERS, NUMBERS), min_size=10, max_size=25)


def imbalances() -> list[str]:
    return [str(line) for line in audit(patience=0) if not line.balanced]


def seen(sql: str) -> set[str]:
    """Where the walks came to."""
    return {str(value) for row in fetch_all(connection("orders"), sql) for value in row.values()}


def test_a_walk_balances_after_every_step(bookshop: Bookshop):
    class Walk(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            bookshop.books, bookshop.orders = [], []
            for number in range(3):
                bookshop.list_book(5, 999 + number, number)
            bookshop.deliver_all()

        @rule(what=some.sampled_from(ACTIONS), first=NUMBERS, second=NUMBERS, third=NUMBERS)
        def does(self, what: str, first: int, second: int, third: int) -> None:
            bookshop.do(what, first, second, third)

        @invariant()
        def balances(self) -> None:
            assert bookshop.market.imbalances() == []

        def teardown(self) -> None:
            bookshop.deliver_all()
            assert imbalances() == []

    run_state_machine_as_test(Walk, settings=settings(**ON_ONE_DATABASE, max_examples=30, stateful_step_count=30))
    if THE_SAME:
        came_everywhere()


def came_everywhere() -> None:
    whole, parts = (
        seen(f"SELECT status FROM order_history WHERE seller_id IS {which}") for which in ("NULL", "NOT NULL")
    )
    assert whole == {"pending", "paid", "shipped", "cancelled", "expired"}
    assert parts >= {"shipped", "refunded", "partially_refunded"}
    assert seen("SELECT status FROM shipments") >= {"shipped", "cancelled", "refunded"}
    assert seen("SELECT kind FROM payment_attempts") >= {"pay", "refund", "cancel", "goodwill"}
    assert seen("SELECT kind FROM payment_entries") == {"due", "captured", "refunded", "waived"}
    assert fetch_all(connection("catalog"), "SELECT id FROM books WHERE seller_name LIKE '%%''s'")
    assert seen("SELECT kind FROM inventory_movements") == {"received", "sold", "returned", "corrected"}


def test_walks_of_several_people_at_once_balance(bookshop: Bookshop):
    @settings(**ON_ONE_DATABASE, max_examples=10)
    @given(walks=some.lists(STEPS, min_size=4, max_size=4))
    def walk_together(walks: list[list[tuple[str, int, int, int]]]) -> None:
        bookshop.books, bookshop.orders = [], []
        for number in range(3):
            bookshop.list_book(5, 999 + number, number)
        bookshop.deliver_all()
        with ThreadPoolExecutor(len(walks)) as pool:
            list(pool.map(lambda steps: [bookshop.do(*step) for step in steps], walks))
        bookshop.deliver_all()
        assert imbalances() == []
        assert bookshop.market.imbalances() == []

    walk_together()
