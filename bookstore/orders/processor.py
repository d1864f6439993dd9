"""The door to whoever moves the money."""

from dataclasses import dataclass
from typing import Literal, Protocol

from bookstore.orders.models import Card


@dataclass(frozen=True)
class Outcome:
    """What became of a charge or a refund; `reason` says why it was declined."""

    status: Literal["succeeded", "declined", "voided"]
    reason: str | None = None


class PaymentProcessor(Protocol):
    """A payment processor. Whatever it is asked twice under one reference it does once, and answers alike."""

    def charge(self, reference: str, *, amount_cents: int, card: Card | None) -> Outcome:
        """Take an amount from a card, or by bank transfer (PSE) without one."""

    def refund(self, reference: str, *, charge: str, amount_cents: int) -> Outcome:
        """Give back a part of what an earlier charge took."""

    def settle(self, reference: str) -> Outcome:
        """What became of a charge or refund. One that never arrived is voided: it can't happen any more."""
