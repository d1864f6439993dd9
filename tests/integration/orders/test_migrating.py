"""Migrations on a database that was in use: what an earlier version wrote balances afterwards."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bookstore.clock import now
from bookstore.database import Connection, connect, execute, fetch_all
from bookstore.fields import NumberedQuery
from bookstore.migrations import migrate, statements, steps
from bookstore.orders.audit import CHECKS
from bookstore.orders.ledger import list_payments
from bookstore.proofs import prove
from tests.integration.orders.market import ADMIN, SAM, Market, cash

# The rows of an earlier version are those of this one without what the steps add.
_TABLES = (
    *("inventory", "inventory_movements", "orders", "order_items", "shipments", "order_history", "payments"),
    *("payment_attempts", "sandbox_charges"),
)


@pytest.fixture
def schema(orders_db: Connection, domain_secrets: Path) -> Iterator[Connection]:
    """A connection that may change the schema; the schema is the present one again afterwards."""
    with closing(connect((domain_secrets / "orders-ddl-db").read_text())) as db:
        yield db
        _drop_all(db)
        migrate("orders", db)


def test_orders_of_the_first_version_balance_after_the_migrations(market: Market, schema: Connection):
    market.supply("b1", 50)
    for done in ("", "pay", "pay ship", "pay refund", "pay ship refund", "cancel", "pay cancel"):
        for paying in (None, cash()):
            order_id = market.order(("b1", 2))["id"]
            for step in done.split():
                market.pay(order_id, paying) if step == "pay" else getattr(market, step)(order_id)
    execute(schema, "DELETE FROM order_history WHERE seller_id IS NOT NULL")
    old = {table: fetch_all(schema, f"SELECT * FROM {table}") for table in _TABLES}
    _drop_all(schema)
    for statement in statements(steps("orders")[0].read_text()):
        execute(schema, statement)
    for table, rows in old.items():
        _insert(schema, table, rows)
    # As if the first try had died at its end: the steps can be repeated.
    for _ in range(2):
        for step in steps("orders")[1:]:
            for statement in statements(step.read_text()):
                execute(schema, statement)
    assert [line for line in prove(market.db, CHECKS, at=now()) if not line.balanced] == []
    paid = next(row["id"] for row in old["orders"] if row["status"] == "paid")
    assert [entry["reason"] for entry in list_payments(paid, NumberedQuery(), reader=ADMIN)["items"]] == [
        "carried over"
    ] * 2
    assert market.refund(paid, ("b1", 1), seller=SAM)["items"][0]["taken_back"] == 1


# What functions of the first version wrote when a part was refunded, or shipped for cash.
_OF_THE_FIRST_VERSION = (
    "UPDATE shipments SET status = 'refunded', at = NOW(6) WHERE order_id = %(paid)s",
    "REPLACE INTO payments (order_id, attempt_id, method, status, due_cents, captured_cents, refunded_cents)"
    " SELECT order_id, attempt_id, method, 'refunded', 0, captured_cents, captured_cents FROM payments"
    " WHERE order_id = %(paid)s",
    "UPDATE orders SET status = 'cancelled' WHERE id = %(paid)s",
    "INSERT INTO order_history (order_id, status, at) VALUES (%(paid)s, 'cancelled', NOW(6))",
    "UPDATE inventory SET stock = stock + 2 WHERE book_id = 'b1'",
    "INSERT INTO inventory_movements (book_id, kind, quantity, order_id, actor, reason, at)"
    " VALUES ('b1', 'returned', 2, %(paid)s, 'sam', 'order.refunded', NOW(6))",
    "INSERT INTO sandbox_charges (reference, kind, charge, status, amount_cents)"
    " SELECT 'r1', 'refund', attempt_id, 'succeeded', captured_cents FROM payments WHERE order_id = %(paid)s",
    "INSERT INTO payment_attempts (id, order_id, kind, actor, method, amount_cents, status, lease_until, created_at)"
    " VALUES ('r1', %(paid)s, 'refund', 'sam', 'card', 2000, 'succeeded', NOW(6), NOW(6))",
    "UPDATE shipments SET status = 'shipped', shipped_at = NOW(6) WHERE order_id = %(promised)s",
    "REPLACE INTO payments (order_id, method, status, due_cents, captured_cents, refunded_cents)"
    " VALUES (%(promised)s, 'cash_on_delivery', 'captured', 0, 2000, 0)",
    "UPDATE orders SET status = 'shipped' WHERE id = %(promised)s",
    "INSERT INTO order_history (order_id, status, at) VALUES (%(promised)s, 'shipped', NOW(6))",
)


def test_what_functions_of_the_first_version_still_do_after_the_migrations_balances(market: Market):
    market.supply("b1", 50)
    orders = {"paid": market.paid(("b1", 2)), "promised": market.paid(("b1", 2), by=cash())}
    for statement in _OF_THE_FIRST_VERSION:
        execute(market.db, statement, orders)
    assert [line for line in prove(market.db, CHECKS, at=now()) if not line.balanced] == []
    assert market.ledger(orders["paid"])[2:] == [("refunded", 2000, None)]
    assert market.ledger(orders["promised"])[1:] == [("captured", 2000, None)]
    # Its events are not written here.
    execute(market.db, "UPDATE orders SET version = 2")


def _drop_all(db: Connection) -> None:
    execute(db, "SET foreign_key_checks = 0")
    for row in fetch_all(db, "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'orders'"):
        execute(db, f"DROP TABLE `{row['name']}`")


def _insert(db: Connection, table: str, rows: list[dict[str, object]]) -> None:
    known = {
        row["name"]
        for row in fetch_all(
            db,
            "SELECT column_name AS name FROM information_schema.columns"
            " WHERE table_schema = 'orders' AND table_name = %s",
            [table],
        )
    }
    for row in rows:
        names = [name for name in row if name in known]
        values = ", ".join(["%s"] * len(names))
        execute(db, f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})", [row[name] for name in names])
