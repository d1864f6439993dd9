"""What must hold in the catalog by itself. What it shows of other domains is compared by `bookstore.audit`."""

from bookstore.catalog.sales import BY_WORK
from bookstore.events.outbox import ALL_PUBLISHED
from bookstore.proofs import Check

CHECKS = (
    Check("nothing is negative", "SELECT id FROM books WHERE stock < 0 OR price_cents < 0 OR version < 1"),
    Check(
        "kept = sold - returned once its money came, for every line that was sold",
        "SELECT order_id AS id FROM sales LEFT JOIN (SELECT order_id, book_id, SUM(copies) AS returned"
        "  FROM sale_returns GROUP BY order_id, book_id) r USING (order_id, book_id)"
        " WHERE kept <> IF(captured_at IS NULL, 0, quantity - COALESCE(returned, 0))",
    ),
    Check(
        "sold of a work = what others keep of its lines, and every listing shows it",
        f"SELECT id FROM works LEFT JOIN {BY_WORK} AS sums ON work_id = id WHERE sold <> COALESCE(kept, 0)"  # noqa: S608
        " UNION SELECT books.id FROM books LEFT JOIN works ON works.id = work_id WHERE NOT books.sold <=> works.sold",
    ),
    Check(
        "a review counts if it is not hidden, not taken back, and by somebody who keeps a copy",
        "SELECT id FROM reviews WHERE counted <> IF(NOT withdrawn AND hidden_reason IS NULL AND EXISTS (SELECT 1"
        " FROM sales s WHERE s.buyer_id = reviews.user_id AND s.work_id = reviews.work_id AND s.kept > 0"
        " AND s.seller_id <> s.buyer_id), rating, 0)",
    ),
    Check(
        "ratings and stars of a work = those of the reviews that count",
        "SELECT id FROM works LEFT JOIN (SELECT work_id, SUM(counted > 0) AS given, SUM(counted) AS total FROM reviews"
        "  GROUP BY work_id) r ON r.work_id = id WHERE ratings <> COALESCE(given, 0) OR stars <> COALESCE(total, 0)",
    ),
    ALL_PUBLISHED,
)
