"""The sandbox's payment processor: behaves like a real one's test mode, and moves no money."""

import time

from bookstore.database import connection, execute, fetch_one
from bookstore.orders.models import Card
from bookstore.orders.processor import Outcome
from bookstore.orders.settings import settings

_APPROVED = Outcome("succeeded")
_OF_CARD = {
    "4000000000000002": Outcome("declined", "card_declined"),
    "4000000000009995": Outcome("declined", "insufficient_funds"),
    **dict.fromkeys(
        (
            *("4242424242424242", "4111111111111111", "4000056655665556"),
            *("5555555555554444", "2223003122003222", "5105105105105100"),
            *("378282246310005", "371449635398431", "6011111111111117", "3056930009020004"),
        ),
        _APPROVED,
    ),
}
# A real card has no business in a test mode.
_NO_TEST_CARD = Outcome("declined", "not_a_test_card")


class Sandbox:
    """A PaymentProcessor whose own records are the table `sandbox_charges`."""

    def charge(self, reference: str, *, amount_cents: int, card: Card | None) -> Outcome:
        """Approve or decline as the test card's number says; a bank transfer is approved."""
        time.sleep(settings().payment_latency)
        outcome = _APPROVED if card is None else _OF_CARD.get(card.number.get_secret_value(), _NO_TEST_CARD)
        return _once(reference, "charge", outcome, amount_cents)

    def refund(self, reference: str, *, charge: str, amount_cents: int) -> Outcome:
        """Approve every refund."""
        time.sleep(settings().payment_latency)
        return _once(reference, "refund", _APPROVED, amount_cents, charge)

    def settle(self, reference: str) -> Outcome:
        """The recorded outcome; voided if there was none."""
        return _once(reference, "void", Outcome("voided"), 0)


def _once(reference: str, kind: str, outcome: Outcome, amount_cents: int, charge: str | None = None) -> Outcome:
    db = connection("orders")
    execute(
        db,
        "INSERT INTO sandbox_charges (reference, kind, charge, status, reason, amount_cents)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON DUPLICATE KEY UPDATE reference = reference",
        [reference, kind, charge, outcome.status, outcome.reason, amount_cents],
    )
    first = fetch_one(db, "SELECT status, reason FROM sandbox_charges WHERE reference = %s", [reference])
    assert first is not None, "written or found by the statement before"
    return Outcome(first["status"], first["reason"])
