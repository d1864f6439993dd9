"""Sales, line by line, as the events of orders tell of them: what was sold, when its money came, and what came back.

An event is a fact: a line was paid or promised, its money is there, some or all of it was taken back. A fact is kept
once, however often it arrives, and what a line comes to follows from its facts alone. So the figures are those of the
orders as soon as all events are in, whatever their order.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

from bookstore.catalog import ratings, wishes
from bookstore.clock import utc
from bookstore.database import Connection, Row, execute, fetch_all, fetch_one, transaction
from bookstore.events.envelope import Event

Item = Mapping[str, Any]

TO_OTHERS = "seller_id <> buyer_id"
"""The lines that count for readers: what sellers order of themselves costs them nothing."""
BY_WORK = f"(SELECT work_id, SUM(kept) AS kept FROM sales WHERE {TO_OTHERS} GROUP BY work_id)"  # noqa: S608
"""What was sold of each work, as a table."""


def record_sale(event: Event) -> None:
    """Take in an `order.paid`, `shipped`, `cancelled` or `refunded`; one known already changes nothing.

    Sales of works, the reviews that its buyer may have given, and the wishes that came true follow in the transaction.
    """
    transaction("catalog", lambda db: _record(db, event))


def restore_sale(event: Event) -> None:
    """Take in an `order.paid` like `record_sale`, and let its lines be what it says where they were kept otherwise."""

    def work(db: Connection) -> None:
        for item in event.data["items"]:
            key = [event.data["order_id"], item["book_id"]]
            execute(
                db,
                "UPDATE sales SET seller_id = %s, buyer_id = %s, title = %s, quantity = %s, price_cents = %s,"
                " kept = LEAST(kept, %s) WHERE order_id = %s AND book_id = %s",
                [
                    *(item["seller_id"], event.data["buyer_id"], item["title"], item["quantity"], item["price_cents"]),
                    *(item["quantity"], *key),
                ],
            )
            returned = "UPDATE sale_returns SET seller_id = %s WHERE order_id = %s AND book_id = %s"
            execute(db, returned, [item["seller_id"], *key])
        _record(db, event)

    transaction("catalog", work)


def taken_back(quantity: int, told: Sequence[int | None]) -> list[int]:
    """How many copies each return took back. `told` is how many were gone after each, in their order; None for all."""
    gone = list(accumulate((quantity if copies is None else min(copies, quantity) for copies in told), max, initial=0))
    return [after - before for before, after in pairwise(gone)]


def bought(db: Connection, user_id: str, work_id: str) -> bool:
    """Whether somebody keeps a copy of a work that their money came for, not to themselves. Holds the sale as it is.

    Cash on delivery that is only promised does not count.
    """
    rows = fetch_all(
        db,
        f"SELECT kept FROM sales WHERE buyer_id = %s AND work_id = %s AND {TO_OTHERS} LOCK IN SHARE MODE",  # noqa: S608
        [user_id, work_id],
    )
    return any(row["kept"] for row in rows)


def forget_captures(db: Connection, order_ids: Sequence[str]) -> None:
    """Take the money of some orders for not come yet, in the caller's transaction, to be told of it again."""
    execute(db, "UPDATE sales SET captured_at = NULL, kept = 0 WHERE order_id IN %s", [order_ids])


def add_up(db: Connection) -> None:
    """Make what works and listings show of sales what the lines come to, in the caller's transaction."""
    execute(
        db,
        f"UPDATE works LEFT JOIN {BY_WORK} AS sums ON work_id = id SET sold = COALESCE(kept, 0)",  # noqa: S608
    )
    execute(db, "UPDATE books JOIN works ON works.id = work_id SET books.sold = works.sold")


def _record(db: Connection, event: Event) -> None:
    sold: Counter[str] = Counter()
    buyer_id = event.data["buyer_id"]
    for item, told in sorted(_concerned(event), key=lambda found: str(found[0]["book_id"])):
        line = _line(db, event, item)
        _note(db, line, event, told)
        change = _reckon(db, line)
        if line["work_id"]:
            sold[line["work_id"]] += change if line["seller_id"] != buyer_id else 0
    for work_id in sorted(sold):
        # Whoever reviews it at this moment waits for the lines held here, or was waited for.
        if ratings.reviewed(db, work_id, buyer_id):
            ratings.weigh(db, work_id, buyer_id, counts=bought(db, buyer_id, work_id))
        if sold[work_id]:
            _add_sold(db, work_id, sold[work_id])
    if event.type == "order.paid":
        wishes.come_true(db, buyer_id, sorted(sold), at=event.time)


def _concerned(event: Event) -> Iterator[tuple[Item, int | None]]:
    """The lines that an event tells of, and how many copies of each are gone now; None stands for all of them."""
    refunded = event.type == "order.refunded"
    part = event.data.get("shipment")
    for item in event.data["items"]:
        if part is None or item["seller_id"] == part["seller_id"]:
            yield item, item.get("taken_back") if refunded else None


def _line(db: Connection, event: Event, item: Item) -> Row:
    """The line of an order, made when this is the first that is told of it, and held."""
    key = [event.data["order_id"], item["book_id"]]
    # Read by itself: within the INSERT it would lock the listing, which others change.
    work = fetch_one(
        db,
        "SELECT work_id FROM books WHERE id = %s UNION ALL SELECT work_id FROM gone_books WHERE book_id = %s LIMIT 1",
        [item["book_id"], item["book_id"]],
    )
    execute(
        db,
        "INSERT INTO sales (order_id, book_id, work_id, seller_id, buyer_id, title, quantity, price_cents)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON DUPLICATE KEY UPDATE order_id = order_id",
        [
            *(*key, work and work["work_id"], item["seller_id"], event.data["buyer_id"]),
            *(item["title"], item["quantity"], item["price_cents"]),
        ],
    )
    line = fetch_one(db, "SELECT * FROM sales WHERE order_id = %s AND book_id = %s FOR UPDATE", key)
    assert line is not None, "it was inserted just now, unless it was there"
    return line


def _note(db: Connection, line: Row, event: Event, told: int | None) -> None:
    if event.type in {"order.paid", "order.shipped"}:
        if event.type == "order.paid":
            line["paid_at"] = line["paid_at"] or event.time
        if _money_came(event):
            known = line["captured_at"]
            line["captured_at"] = min(utc(known), event.time) if known else event.time
        return
    execute(
        db,
        "INSERT INTO sale_returns (order_id, book_id, version, seller_id, told, at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON DUPLICATE KEY UPDATE order_id = order_id",
        [line["order_id"], line["book_id"], event.version, line["seller_id"], told, event.time],
    )


def _money_came(event: Event) -> bool:
    """Whether the money of what an event tells of is there: cash on delivery is collected when a part is shipped.

    An `order.paid` of the version before does not tell; it counts as it did then.
    """
    payment = event.data.get("payment") or {}
    return event.type == "order.shipped" or payment.get("status") != "due"


def _reckon(db: Connection, line: Row) -> int:
    """Bring a line that is held in step with its facts; return by how many copies more or fewer the buyer keeps."""
    key = [line["order_id"], line["book_id"]]
    returns = fetch_all(
        db, "SELECT version, told, copies FROM sale_returns WHERE order_id = %s AND book_id = %s ORDER BY version", key
    )
    taken = taken_back(line["quantity"], [found["told"] for found in returns])
    for found, copies in zip(returns, taken, strict=True):
        if found["copies"] != copies:
            execute(
                db,
                "UPDATE sale_returns SET copies = %s WHERE order_id = %s AND book_id = %s AND version = %s",
                [copies, *key, found["version"]],
            )
    kept = line["quantity"] - sum(taken) if line["captured_at"] else 0
    execute(
        db,
        "UPDATE sales SET paid_at = %s, captured_at = %s, kept = %s WHERE order_id = %s AND book_id = %s",
        [line["paid_at"], line["captured_at"], kept, *key],
    )
    return int(kept - line["kept"])


def _add_sold(db: Connection, work_id: str, copies: int) -> None:
    execute(db, "UPDATE works SET sold = sold + %s WHERE id = %s", [copies, work_id])
    execute(
        db,
        "UPDATE books SET sold = (SELECT sold FROM works WHERE works.id = books.work_id) WHERE work_id = %s",
        [work_id],
    )
