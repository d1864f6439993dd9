"""The tax line: one rate for all that is sold and its delivery, in the prices or on top of them."""

from collections.abc import Iterable
from dataclasses import dataclass

_WHOLE = 10_000


@dataclass(frozen=True)
class Tax:
    """A rate in hundredths of a percent; `included` says whether prices contain the tax."""

    basis_points: int = 0
    included: bool = True

    def of(self, cents: int) -> int:
        """The tax in an amount, or on it, in cents; half a cent is rounded up."""
        base = _WHOLE + self.basis_points if self.included else _WHOLE
        return (2 * cents * self.basis_points + base) // (2 * base)

    def price(self, cents: int) -> int:
        """What is paid for an amount, with its tax."""
        return cents if self.included else cents + self.of(cents)

    def total(self, amounts: Iterable[int]) -> tuple[int, int]:
        """What is paid for several amounts, each rounded by itself, and the tax in that."""
        each = list(amounts)
        return sum(map(self.price, each)), sum(map(self.of, each))


UNTAXED = Tax()
