"""The audit: green when all is well, red with ids when something is not, patient with events, and able to repair."""

import threading
import time
from typing import Any

import pytest

from bookstore import database
from bookstore.audit import __main__ as audit_program
from bookstore.audit.__main__ import audit, main
from bookstore.audit.copies import differences
from bookstore.catalog.search.remote import search_service
from bookstore.clock import now
from bookstore.database import (
    Connection,
    ConnectionLost,
    Domain,
    connection,
    execute,
    fetch_all,
    fetch_one,
    transaction,
)
from bookstore.orders import audit as orders_audit
from bookstore.orders.audit import audit_orders, keep_audit
from bookstore.proofs import Check, Line
from tests.integration.audit.bookshop import Bookshop
from tests.integration.orders.market import ADMIN, cash
from tests.integration.search_service import Service


@pytest.fixture
def busy(bookshop: Bookshop) -> Bookshop:
    """A shop of two books, with orders in every status and all events delivered."""
    for number in range(2):
        bookshop.list_book(10, 1000, number)
    bookshop.deliver_all()
    market, (first, second) = bookshop.market, bookshop.books
    for status in ("pending", "paid", "shipped", "refunded", "cancelled"):
        bookshop.orders.append(market.order((first, 2), (second, 1))["id"])
        if status in {"paid", "shipped", "refunded"}:
            market.pay(bookshop.orders[-1], cash() if status == "shipped" else None)
        if status in {"shipped", "refunded"}:
            market.ship(bookshop.orders[-1], seller=ADMIN)
        if status == "refunded":
            market.refund(bookshop.orders[-1], (first, 1), restock=True)
        if status == "cancelled":
            market.cancel(bookshop.orders[-1])
    market.correct(first, -1)
    bookshop.deliver_all()
    return bookshop


def red(**how: Any) -> dict[str, list[str]]:
    return {line.name: list(line.ids) for line in audit(**{"patience": 0, **how}) if not line.balanced}


def test_a_busy_shop_balances_and_the_audit_says_so(
    busy: Bookshop, search: Service, capsys: pytest.CaptureFixture[str]
):
    assert main(["--patience", "20"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) > 15
    assert all(line.startswith("ok  ") for line in printed)


def test_admins_read_what_the_last_audit_of_everything_found(busy: Bookshop, search: Service):
    assert "whole" not in audit_orders()
    assert main(["--patience", "20"]) == 0
    first = audit_orders()["whole"]
    assert (first["balanced"], len(first["lines"]) > 15) == (True, True)
    execute(connection("catalog"), "UPDATE books SET stock = 99 WHERE id = %s", [busy.books[0]])
    assert main(["--patience", "0"]) == 1
    found = audit_orders()
    # Of the orders alone all is well; what is not was found between the domains.
    assert (found["balanced"], found["whole"]["balanced"]) == (True, False)
    assert [line["ids"] for line in found["whole"]["lines"] if not line["balanced"]] == [busy.books[:1]]
    assert first["at"] < found["whole"]["at"] < audit_orders()["at"]


def test_of_a_line_that_does_not_hold_for_thousands_a_hundred_ids_and_one_are_kept(bookshop: Bookshop):
    keep_audit([Line("all", [str(number) for number in range(5000)])], at=now())
    (line,) = audit_orders()["whole"]["lines"]
    assert (line["balanced"], len(line["ids"])) == (False, 101)


# What somebody does to the rows, whose id it is then (book or order), and the line that tells of it.
_DAMAGE = [
    ("UPDATE inventory SET stock = stock + 1 WHERE book_id = %(book)s", "book", "left"),
    ("DELETE FROM inventory_movements WHERE book_id = %(book)s AND kind = 'corrected'", "book", "left"),
    ("UPDATE inventory SET stock_supplied = 7 WHERE book_id = %(book)s", "book", "supplied"),
    ("UPDATE order_items SET quantity = 3 WHERE order_id = %(order)s AND book_id = %(book)s", "order", "sold"),
    ("UPDATE order_items SET restocked = 0, taken_back = 2 WHERE order_id = %(order)s", "order", "nothing is kept"),
    ("UPDATE shipments SET status = 'cancelled' WHERE order_id = %(order)s", "order", "paid orders"),
    ("UPDATE orders SET status = 'pending' WHERE id = %(order)s", "order", "status follows"),
    ("DELETE FROM order_history WHERE order_id = %(order)s AND status = 'shipped'", "order", "status follows"),
    ("UPDATE orders SET total_cents = total_cents + 1 WHERE id = %(order)s", "order", "total"),
    ("UPDATE order_items SET price_cents = 1 WHERE order_id = %(order)s", "order", "paid orders"),
    ("UPDATE payments SET captured_cents = captured_cents - 1 WHERE order_id = %(order)s", "order", "paid orders"),
    ("UPDATE shipments SET goodwill_cents = 1 WHERE order_id = %(order)s", "order", "paid orders"),
    ("DELETE FROM payments WHERE order_id = %(order)s", "order", "paid orders"),
    ("DELETE FROM payment_entries WHERE order_id = %(order)s AND kind = 'captured' LIMIT 1", "order", "ledger"),
    ("UPDATE orders SET open_attempt = 'nothing' WHERE id = %(order)s", "order", "attempt"),
]


@pytest.mark.parametrize(("sql", "whose", "name"), _DAMAGE)
def test_whatever_is_damaged_is_told_with_its_id(busy: Bookshop, sql: str, whose: str, name: str):
    damaged = {"book": busy.books[0], "order": busy.orders[2]}
    with_rights = connection("orders")
    execute(with_rights, "SET check_constraint_checks = 0")
    assert execute(with_rights, sql, damaged)
    execute(with_rights, "SET check_constraint_checks = 1")
    found = red()
    assert [line for line, ids in found.items() if name in line and damaged[whose] in ids], found
    assert not audit_orders()["balanced"]


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("UPDATE sandbox_charges SET amount_cents = amount_cents - 1 WHERE kind = 'refund'", "processor"),
        ("DELETE FROM sandbox_charges WHERE kind = 'charge'", "processor"),
        ("UPDATE payment_attempts SET status = 'voided' WHERE kind = 'pay'", "processor"),
        (
            "UPDATE payment_attempts SET status = 'open', lease_until = NOW() - INTERVAL 3 MINUTE WHERE kind = 'pay'",
            "lease",
        ),
        ("UPDATE orders SET expires_at = NOW() - INTERVAL 3 MINUTE WHERE status = 'pending'", "past its time"),
        ("UPDATE outbox SET published_at = NULL, created_at = NOW() - INTERVAL 3 MINUTE LIMIT 1", "published"),
    ],
)
def test_what_is_left_undone_is_told(busy: Bookshop, sql: str, name: str):
    assert execute(connection("orders"), sql)
    assert any(name in line for line in red())


def test_what_is_negative_is_told(busy: Bookshop):
    db = connection("catalog")
    execute(db, "SET check_constraint_checks = 0")
    execute(db, "UPDATE books SET price_cents = -1 WHERE id = %s", [busy.books[0]])
    execute(db, "SET check_constraint_checks = 1")
    assert red()["catalog: nothing is negative"] == busy.books[:1]


_WRONG_COPIES = [
    ("orders", "UPDATE inventory SET title = 'Another' WHERE book_id = %s"),
    ("orders", "UPDATE inventory SET price_cents = 1 WHERE book_id = %s"),
    ("orders", "UPDATE inventory SET available = FALSE WHERE book_id = %s"),
    ("orders", "UPDATE inventory SET book_version = book_version + 5, title = 'From a copy' WHERE book_id = %s"),
    ("catalog", "UPDATE books SET stock = 99 WHERE id = %s"),
    ("catalog", "UPDATE books SET stock = 99, stock_version = stock_version + 5 WHERE id = %s"),
    ("catalog", "UPDATE books SET stock = 99, stock_version = 1 WHERE id = %s"),
    ("catalog", "UPDATE books SET version = version + 1, title = 'Never told', stock_supplied = 12 WHERE id = %s"),
    ("catalog", "DELETE FROM books WHERE id = %s"),
]


@pytest.mark.parametrize(("domain", "sql"), _WRONG_COPIES)
def test_a_copy_that_differs_is_told_and_repaired_from_its_source(busy: Bookshop, domain: str, sql: str):
    execute(connection(domain), sql, [busy.books[0]])
    assert list(red().values()) == [busy.books[:1]]
    assert red(repair=True) == {}
    assert red() == {}
    busy.deliver_all()
    assert red() == {}


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM sales WHERE order_id = %s",
        "UPDATE sales SET kept = 0 WHERE order_id = %s",
        "UPDATE sales SET paid_at = NULL WHERE order_id = %s",
        "UPDATE sales SET captured_at = NULL, kept = 0 WHERE order_id = %s",
        "UPDATE sales SET quantity = quantity + 1, kept = kept + 1 WHERE order_id = %s",
        "UPDATE sales SET quantity = quantity + 1 WHERE order_id = %s",
        "UPDATE sales SET price_cents = price_cents - 1 WHERE order_id = %s",
        "UPDATE sales SET seller_id = 'sue2' WHERE order_id = %s",
        "UPDATE sales SET buyer_id = 'zoe' WHERE order_id = %s",
        "UPDATE sales SET title = 'Another' WHERE order_id = %s",
        "UPDATE sale_returns SET seller_id = 'sue2' WHERE order_id = %s",
    ],
)
def test_sales_that_differ_from_their_order_are_told_and_repaired(busy: Bookshop, sql: str):
    before = sold(busy.orders[3])
    execute(connection("catalog"), sql, [busy.orders[3]])
    assert any(busy.orders[3] in ids for ids in red().values())
    assert red(repair=True) == {}
    assert red() == {}
    assert sold(busy.orders[3]) == before


def sold(order_id: str) -> list[dict[str, Any]]:
    """What the catalog keeps of an order's sales, but for when it was told."""
    return fetch_all(
        connection("catalog"),
        "SELECT book_id, s.seller_id, buyer_id, title, quantity, price_cents, kept, r.seller_id AS returned_to, copies"
        " FROM sales s LEFT JOIN sale_returns r USING (order_id, book_id) WHERE order_id = %s ORDER BY book_id",
        [order_id],
    )


def test_a_promise_that_counts_like_money_is_told_and_repaired_with_the_review_that_it_gave(busy: Bookshop):
    db, book = connection("catalog"), busy.books[0]
    promised = busy.market.paid((book, 1), by=cash())
    busy.deliver_all()
    execute(db, "UPDATE sales SET captured_at = paid_at, kept = quantity WHERE order_id = %s", [promised])
    busy.market.refund(busy.orders[1])
    busy.market.refund(busy.orders[2])
    busy.market.refund(busy.orders[3])
    busy.deliver_all()
    busy.review(0, 0, 3)
    assert promised in [order for ids in red().values() for order in ids]
    assert red(repair=True) == {}
    assert fetch_one(db, "SELECT counted FROM reviews") == {"counted": 0}
    busy.market.ship(promised)
    busy.deliver_all()
    assert (red(), fetch_one(db, "SELECT counted FROM reviews")) == ({}, {"counted": 4})


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("UPDATE works SET sold = sold + 1", "sold of a work"),
        ("UPDATE books SET sold = sold + 1", "sold of a work"),
        ("UPDATE works SET ratings = 1", "ratings and stars"),
        ("UPDATE works SET stars = 5", "ratings and stars"),
        ("UPDATE sale_returns SET copies = copies + 1", "kept = sold - returned"),
        (
            "INSERT INTO reviews (id, work_id, user_id, rating, counted, created_at, updated_at)"
            " SELECT 'r', work_id, 'zoe', 5, 5, NOW(), NOW() FROM books LIMIT 1",
            "a review counts",
        ),
    ],
)
def test_sums_that_are_not_what_they_add_up_are_told(busy: Bookshop, sql: str, name: str):
    assert execute(connection("catalog"), sql)
    assert any(name in line for line in red())


def test_a_book_that_the_orders_never_heard_of_is_told_and_repaired(busy: Bookshop):
    new = busy.list_book(4, 500, 0)
    execute(connection("catalog"), "UPDATE outbox SET published_at = NOW(6)")
    assert list(red().values()) == [[new]]
    assert red(repair=True) == {}
    assert busy.market.order((new, 4))["total_cents"] > 0


_MISNAMED = [
    ("catalog", "UPDATE books SET seller_name = 'Other' WHERE seller_id = 'sam'", "sam"),
    ("catalog", "UPDATE books SET seller_name = 'SAM' WHERE seller_id = 'sam'", "sam"),
    ("catalog", "UPDATE reviews SET user_name = 'Other' WHERE user_id = 'ann'", "ann"),
    ("catalog", "UPDATE reviews SET user_name = NULL WHERE user_id = 'ann'", "ann"),
    # Wrong for those yet to come, the second one also for every name that is told later.
    ("catalog", "UPDATE people SET name = 'Other', version = 1 WHERE user_id = 'sam'", "sam"),
    ("catalog", "UPDATE people SET name = 'Sam', version = 7 WHERE user_id = 'sam'", "sam"),
    # Never told, or told and lost.
    ("accounts", "UPDATE users SET name = 'Samantha' WHERE id = 'sam'", "sam"),
    ("accounts", "UPDATE users SET name = 'Samantha', name_version = 2 WHERE id = 'sam'", "sam"),
    ("accounts", "DELETE FROM users WHERE id = 'ann'", "ann"),
]
NAMES = "names in the catalog = accounts, for everybody who sells or reviews"


@pytest.mark.parametrize(("domain", "sql", "whose"), _MISNAMED)
def test_whoever_is_called_otherwise_than_by_their_account_is_told_and_called_so_again(
    busy: Bookshop, domain: Domain, sql: str, whose: str
):
    busy.review(0, 0, 3)
    assert red() == {}
    execute(connection(domain), sql)
    assert red() == {NAMES: [whose]}
    assert red(repair=True) == {}
    busy.deliver_all()
    assert red() == {}
    accounts = fetch_all(connection("accounts"), "SELECT id, name FROM users")
    called = {row["id"]: row["name"] for row in accounts}
    books = fetch_all(connection("catalog"), "SELECT seller_id, seller_name FROM books")
    assert {row["seller_id"]: row["seller_name"] for row in books} == {who: called[who] for who in ("sam", "sue")}
    assert fetch_all(connection("catalog"), "SELECT user_name AS name FROM reviews") == [{"name": called.get("ann")}]


def test_a_name_on_its_way_is_waited_for(busy: Bookshop):
    busy.rename(0, 1)
    assert red() == {NAMES: ["sam"]}
    late = threading.Timer(1, busy.deliver_all)
    late.start()
    assert red(patience=20) == {}
    late.join()


def test_a_review_of_who_has_no_account_any_more_has_no_name(busy: Bookshop):
    busy.review(0, 0, 3)
    execute(connection("accounts"), "DELETE FROM users WHERE id = 'ann'")
    assert red(repair=True) == {}
    busy.review(0, 0, 4)
    assert red() == {}


SEARCH = "search index = catalog, for every book"


@pytest.mark.parametrize(
    "changes",
    [
        # Without a new version, which would have been queued.
        ["UPDATE books SET language = 'cy' WHERE id = %s"],
        ["UPDATE books SET other_words = 'ghost' WHERE id = %s"],
        ["UPDATE books SET sold = sold + 1 WHERE id = %s", "DELETE FROM search_queue WHERE %s <> ''"],
        ["DELETE FROM books WHERE id = %s", "DELETE FROM search_queue WHERE %s <> ''"],
    ],
)
def test_a_book_that_the_index_has_otherwise_is_told_and_taken_in_again(
    busy: Bookshop, search: Service, changes: list[str]
):
    index, book_id = search_service(), busy.books[0]
    row = fetch_one(connection("catalog"), "SELECT number FROM books WHERE id = %s", [book_id])
    assert row
    assert red(patience=20, index=index) == {}
    transaction("catalog", lambda db: [execute(db, sql, [book_id]) for sql in changes])
    gone = changes[0].startswith("DELETE")
    assert red(index=index)[SEARCH] == [f"number {row['number']}" if gone else book_id]
    assert SEARCH not in red(index=index, repair=True)
    assert SEARCH not in red(index=index)


def test_an_index_that_cannot_be_asked_proves_nothing(busy: Bookshop):
    assert red(index=search_service()) == {SEARCH: ["the search service, which does not answer"]}
    assert set(red(index=search_service(), repair=True, patience=1)) == {SEARCH}


def test_repairing_touches_neither_money_nor_sources(busy: Bookshop):
    order = busy.orders[2]
    execute(
        connection("orders"), "UPDATE payments SET captured_cents = captured_cents - 1 WHERE order_id = %s", [order]
    )
    execute(connection("orders"), "UPDATE inventory SET title = 'Another'")
    before = fetch_one(connection("catalog"), "SELECT * FROM books WHERE id = %s", [busy.books[0]])
    assert set(red(repair=True)) == set(red()) != set()
    assert not any("catalog" in line for line in red())
    assert fetch_one(connection("catalog"), "SELECT * FROM books WHERE id = %s", [busy.books[0]]) == before


def test_statements_of_the_audit_may_take_longer_than_others(
    bookshop: Bookshop, search: Service, monkeypatch: pytest.MonkeyPatch
):
    database.close_idle(time.monotonic())
    monkeypatch.setattr(database, "ANSWER_SECONDS", 0.5)
    long = (Check("nothing", "SELECT SLEEP(1) AS id FROM DUAL HAVING id > 0"),)
    monkeypatch.setattr(orders_audit, "CHECKS", long)
    monkeypatch.setattr(audit_program, "_CHECKS", {"orders": long})
    assert audit_orders()["balanced"]
    assert main(["--patience", "20"]) == 0
    with pytest.raises(ConnectionLost):
        fetch_all(connection("orders"), long[0].sql)


def test_a_connection_with_more_time_is_not_taken_for_idle_and_not_kept(bookshop: Bookshop):
    with database.unhurried(60):
        long = connection("orders")
        database.close_idle(time.monotonic() + 3600)
        assert fetch_all(long, "SELECT 1 AS n") == [{"n": 1}]
        assert connection("orders") is long
    assert not long.open
    assert connection("orders") is not long


def test_events_on_their_way_are_waited_for(busy: Bookshop):
    busy.edit(0, 50, 1234)
    busy.market.order((busy.books[1], 1))
    assert len(red()) == 1
    late = threading.Timer(1, busy.deliver_all)
    late.start()
    assert red(patience=20) == {}
    late.join()


def test_an_event_that_never_comes_is_an_error_after_the_patience(busy: Bookshop):
    busy.edit(0, 50, 1234)
    left, waited = differences(patience=1)
    assert (list(left), waited >= 1) == ([busy.books[0]], True)


def test_a_shop_that_never_rests_balances(busy: Bookshop, orders_db: Connection):
    stop = threading.Event()

    def sell() -> None:
        while not stop.is_set():
            order = busy.market.order((busy.books[1], 1))["id"]
            busy.edit(1, 20, 1000)
            busy.market.cancel(order)

    def deliver() -> None:
        while not stop.is_set():
            busy.deliver(3, 1, 1)

    threads = [threading.Thread(target=work) for work in (sell, deliver)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            assert red(patience=20) == {}
            time.sleep(0.2)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
