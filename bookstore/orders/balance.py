"""The money of one order, in cents: what is still to come, what came, what went back."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Balance:
    """The order is worth `due + captured - refunded`."""

    due: int = 0
    captured: int = 0
    refunded: int = 0

    def collect(self, cents: int) -> "Balance":
        """Money that was due has come."""
        return replace(self, due=self.due - cents, captured=self.captured + cents)

    def give_back(self, *, waived: int, refunded: int) -> "Balance":
        """Some of what was due is no longer wanted, and some of what came goes back."""
        return replace(self, due=self.due - waived, refunded=self.refunded + refunded)

    def status(self, *, kept: bool) -> str:
        """The payment's status; `kept` is whether the buyer keeps anything of the order.

        Amounts alone do not tell: a book may be free.
        """
        if not kept:
            return "refunded"
        if self.due:
            return "due"
        return "partially_refunded" if self.refunded else "captured"
