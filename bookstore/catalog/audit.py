"""What must hold in the catalog by itself. What it shows of other domains is compared by `bookstore.audit`."""

from bookstore.events.outbox import ALL_PUBLISHED
from bookstore.proofs import Check

CHECKS = (
    Check("nothing is negative", "SELECT id FROM books WHERE stock < 0 OR price_cents < 0 OR version < 1"),
    ALL_PUBLISHED,
)
