"""Payment processors with which something goes wrong."""

import threading
from collections.abc import Callable

from bookstore.errors import Unavailable
from bookstore.orders.models import Card
from bookstore.orders.processor import Outcome
from bookstore.orders.sandbox import Sandbox


class Crash(Exception):
    """The process died."""


class DiesAfterCharging(Sandbox):
    """The process dies when the money was taken and nobody knows it yet."""

    def charge(self, reference: str, *, amount_cents: int, card: Card | None) -> Outcome:
        super().charge(reference, amount_cents=amount_cents, card=card)
        raise Crash


class DiesBeforeCharging(Sandbox):
    """The process dies before the processor heard of it."""

    def charge(self, reference: str, *, amount_cents: int, card: Card | None) -> Outcome:
        raise Crash


class Slow(Sandbox):
    """A processor that works until it is let go."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()

    def charge(self, reference: str, *, amount_cents: int, card: Card | None) -> Outcome:
        self.asked.set()
        assert self.go.wait(30)
        return super().charge(reference, amount_cents=amount_cents, card=card)


class DiesAfterRefunding(Sandbox):
    """The process dies when the money went back and nobody knows it yet."""

    def refund(self, reference: str, *, charge: str, amount_cents: int) -> Outcome:
        super().refund(reference, charge=charge, amount_cents=amount_cents)
        raise Crash


class DiesBeforeRefunding(Sandbox):
    """The process dies before the processor heard of the refund."""

    def refund(self, reference: str, *, charge: str, amount_cents: int) -> Outcome:
        raise Crash


class Late(Sandbox):
    """A processor to which the charge comes only after something else has happened."""

    def __init__(self, first: Callable[[], object]) -> None:
        self.first = first

    def charge(self, reference: str, *, amount_cents: int, card: Card | None) -> Outcome:
        self.first()
        return super().charge(reference, amount_cents=amount_cents, card=card)


class Unreachable(Sandbox):
    """A processor that does not answer about one reference."""

    def __init__(self) -> None:
        self.refused: str | None = None

    def settle(self, reference: str) -> Outcome:
        self.refused = self.refused or reference
        if reference == self.refused:
            raise Unavailable("The processor does not answer.", retry_after=1)
        return super().settle(reference)
