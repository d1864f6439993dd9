"""Migrations on a database that was in use: what an earlier version wrote balances afterwards."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bookstore.clock import now
from bookstore.database import Connection, connect, execute, fetch_all
from bookstore.migrations import migrate, statements, steps
from bookstore.orders.audit import CHECKS
from bookstore.orders.ledger import list_payments
from bookstore.orders.models import Page
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
    assert [entry["reason"] for entry in list_payments(paid, Page(), reader=ADMIN)["items"]] == ["carried over"] * 2
    assert market.refund(paid, ("b1", 1), seller=SAM)["items"][0]["taken_back"] == 1


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
