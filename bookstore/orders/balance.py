"""The money of one order, in cents: what is still to come, what came, what went back, and each step on the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Entry:
    """A movement of an order's money: for one seller's part, or for the delivery (None)."""

    kind: Literal["due", "captured", "refunded", "waived"]
    cents: int
    seller_id: str | None = None


@dataclass(frozen=True)
class Balance:
    """The order is worth `due + captured - refunded`."""

    due: int = 0
    captured: int = 0
    refunded: int = 0

    def after(self, entries: Iterable[Entry]) -> "Balance":
        """The balance after some movements. What comes was due, and what is waived is due no longer."""
        sums = {"due": self.due, "captured": self.captured, "refunded": self.refunded}
        for entry in entries:
            if entry.kind != "waived":
                sums[entry.kind] += entry.cents
            if entry.kind in {"captured", "waived"}:
                sums["due"] -= entry.cents
        return Balance(**sums)

    def status(self, *, kept: bool) -> str:
        """The payment's status; `kept` is whether the buyer keeps anything of the order.

        Amounts alone do not tell: a book may be free.
        """
        if not kept:
            return "refunded"
        if self.due:
            return "due"
        return "partially_refunded" if self.refunded else "captured"
