"""What must hold between stock, orders and money, proved from the rows themselves."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bookstore.clock import now, rfc3339
from bookstore.database import connection, execute, fetch_one, unhurried
from bookstore.events.outbox import ALL_PUBLISHED
from bookstore.orders.models import AuditOut, LineOut, WholeAuditOut
from bookstore.proofs import ANSWER_SECONDS, MOST_IDS, Check, Line, prove

# An amount with its tax, as Tax.price reckons it.
_PRICE = "({0} + IF(tax_included, 0, (2 * {0} * tax_basis_points + 10000) DIV 20000))"
_WORTH, _KEPT, _DELIVERY = (_PRICE.format(column) for column in ("worth", "kept", "delivery_cents"))
# Orders with what was ordered and what is kept of it, each seller's part with its own tax and less its goodwill.
_PRICED = f"""
    WITH parts AS (
        SELECT order_id, SUM(quantity * price_cents) AS worth, SUM((quantity - taken_back) * price_cents) AS kept,
            SUM(quantity - taken_back) AS copies, COALESCE(MAX(goodwill_cents), 0) AS goodwill
        FROM order_items LEFT JOIN shipments USING (order_id, seller_id) GROUP BY order_id, seller_id
    ), priced AS (
        SELECT id, status, total_cents, {_DELIVERY} AS delivery, SUM({_WORTH}) AS ordered,
            SUM(GREATEST(0, {_KEPT} - goodwill)) AS kept, SUM(copies) AS copies
        FROM orders LEFT JOIN parts ON order_id = id GROUP BY id
    )"""  # noqa: S608 - our own column names

CHECKS = (
    Check(
        "received ± corrected = sold - returned + left, for every book",
        "SELECT book_id AS id FROM (SELECT book_id, stock AS copies FROM inventory"
        " UNION ALL SELECT book_id, -quantity FROM inventory_movements) m GROUP BY book_id HAVING SUM(copies) <> 0",
    ),
    Check(
        "received = supplied by the seller, for every book",
        "SELECT book_id AS id FROM (SELECT book_id, stock_supplied AS copies FROM inventory UNION ALL"
        " SELECT book_id, -quantity FROM inventory_movements WHERE kind = 'received') m"
        " GROUP BY book_id HAVING SUM(copies) <> 0",
    ),
    Check(
        "sold = ordered, and returned = put back, for every line of every order",
        "SELECT order_id AS id FROM (SELECT order_id, book_id, quantity AS sold, restocked AS returned FROM order_items"
        " UNION ALL SELECT order_id, book_id, IF(kind = 'sold', quantity, 0), IF(kind = 'returned', -quantity, 0)"
        " FROM inventory_movements WHERE order_id IS NOT NULL) m"
        " GROUP BY order_id, book_id HAVING SUM(sold) <> 0 OR SUM(returned) <> 0",
    ),
    Check(
        "nothing is kept of a part that is cancelled or refunded, and something of every other",
        "SELECT order_id AS id FROM order_items JOIN shipments USING (order_id, seller_id)"
        " GROUP BY order_id, seller_id"
        " HAVING MAX(status IN ('cancelled', 'refunded')) <> (SUM(quantity - taken_back) = 0)",
    ),
    Check(
        "every order's status follows from its parts, and is the last of its history",
        "SELECT id FROM orders o LEFT JOIN (SELECT order_id, COUNT(*) AS parts, SUM(status = 'open') AS open_parts,"
        "  SUM(shipped_at IS NOT NULL) AS shipped FROM shipments GROUP BY order_id) s ON s.order_id = id"
        " WHERE NOT COALESCE(CASE o.status WHEN 'pending' THEN open_parts = parts AND shipped = 0"
        "  WHEN 'paid' THEN open_parts > 0 WHEN 'shipped' THEN open_parts = 0 AND shipped > 0"
        "  ELSE open_parts = 0 AND shipped = 0 END, FALSE) OR NOT o.status <=>"
        "  (SELECT h.status FROM order_history h WHERE h.order_id = o.id AND h.seller_id IS NULL"
        "   ORDER BY h.id DESC LIMIT 1)",
    ),
    Check(
        "every order's total = its lines + delivery + tax",
        f"{_PRICED} SELECT id FROM priced WHERE NOT total_cents <=> ordered + delivery",  # noqa: S608
    ),
    Check(
        "paid orders = captured + due - refunded, and unpaid ones hold no money",
        f"{_PRICED} SELECT id FROM priced o LEFT JOIN payments p ON p.order_id = id"  # noqa: S608
        " WHERE NOT IF(p.order_id IS NULL OR p.status = 'declined',"
        " o.status NOT IN ('paid', 'shipped') AND COALESCE(due_cents + captured_cents + refunded_cents, 0) = 0,"
        " o.status NOT IN ('pending', 'expired')"
        " AND due_cents + captured_cents - refunded_cents = IF(copies > 0, kept + delivery, 0))",
    ),
    Check(
        "every payment = the sum of its ledger",
        "SELECT order_id AS id FROM (SELECT order_id, due_cents, captured_cents, refunded_cents FROM payments UNION ALL"
        " SELECT order_id, CASE kind WHEN 'due' THEN -cents WHEN 'refunded' THEN 0 ELSE cents END,"
        " IF(kind = 'captured', -cents, 0), IF(kind = 'refunded', -cents, 0) FROM payment_entries) l"
        " GROUP BY order_id HAVING SUM(due_cents) <> 0 OR SUM(captured_cents) <> 0 OR SUM(refunded_cents) <> 0",
    ),
    Check(
        "captured and refunded = what the processor took and gave back",
        "SELECT order_id AS id FROM payments p LEFT JOIN sandbox_charges c"
        " ON c.reference = p.attempt_id AND c.status = 'succeeded'"
        " WHERE p.attempt_id IS NOT NULL AND (captured_cents <> COALESCE(c.amount_cents, 0) OR refunded_cents <>"
        "  (SELECT COALESCE(SUM(r.amount_cents), 0) FROM payment_attempts a JOIN sandbox_charges r"
        "   ON r.reference = a.id AND r.kind = 'refund'"
        "   WHERE a.order_id = p.order_id AND a.status = 'succeeded'))"
        " UNION SELECT order_id FROM payment_attempts a JOIN sandbox_charges c ON c.reference = a.id"
        " WHERE c.status = 'succeeded' AND a.status NOT IN ('succeeded', 'open')",
    ),
    Check(
        "no attempt is open past its lease, and an order waits for its own alone",
        "SELECT order_id AS id FROM payment_attempts JOIN orders o ON o.id = order_id WHERE payment_attempts.status"
        " = 'open' AND (lease_until < %(late)s OR NOT open_attempt <=> payment_attempts.id)"
        " UNION SELECT o.id FROM orders o LEFT JOIN payment_attempts a ON a.id = open_attempt"
        " WHERE open_attempt IS NOT NULL AND NOT a.status <=> 'open'",
    ),
    Check(
        "no order is unpaid past its time",
        "SELECT id FROM orders WHERE status = 'pending' AND open_attempt IS NULL AND expires_at < %(late)s",
    ),
    Check(
        "nothing is negative",
        "SELECT book_id AS id FROM inventory WHERE stock < 0 OR price_cents < 0"
        " UNION SELECT order_id FROM order_items WHERE price_cents < 0 OR quantity <= 0 OR restocked < 0"
        "  OR restocked > taken_back OR taken_back > quantity"
        " UNION SELECT order_id FROM shipments WHERE goodwill_cents < 0"
        " UNION SELECT id FROM orders WHERE delivery_cents < 0 OR tax_cents < 0 OR total_cents < 0"
        " UNION SELECT order_id FROM payments WHERE due_cents < 0 OR refunded_cents < 0 OR captured_cents < 0"
        "  OR refunded_cents > captured_cents UNION SELECT order_id FROM payment_entries WHERE cents <= 0",
    ),
    ALL_PUBLISHED,
)


def audit_orders(*, at: datetime | None = None) -> dict[str, Any]:
    """Prove the orders' database; with it, what `make audit` last found in all of them and between them, as JSON."""
    moment = at or now()
    with unhurried(ANSWER_SECONDS):
        proved = _shown(prove(connection("orders"), CHECKS, at=moment), moment)
    last = fetch_one(connection("orders"), "SELECT at, found FROM last_audit")
    whole = WholeAuditOut(**_shown([Line(**line) for line in json.loads(last["found"])], last["at"])) if last else None
    return AuditOut(scope="orders", **proved, whole=whole).model_dump(exclude_none=True)


def keep_audit(lines: Sequence[Line], *, at: datetime) -> None:
    """Keep what an audit of all domains found, in place of the one before: its lines, each with its first ids."""
    found = json.dumps([{"name": line.name, "ids": line.ids[: MOST_IDS + 1]} for line in lines])
    sql = "INSERT INTO last_audit (at, found) VALUES (%s, %s) ON DUPLICATE KEY UPDATE at = %s, found = %s"
    execute(connection("orders"), sql, [at, found] * 2)


def _shown(lines: Sequence[Line], at: datetime) -> dict[str, Any]:
    return {
        "at": rfc3339(at),
        "balanced": all(line.balanced for line in lines),
        "lines": [LineOut.model_validate(line, from_attributes=True) for line in lines],
    }
