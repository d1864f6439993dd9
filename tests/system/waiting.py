"""Wait for what becomes true by itself."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(ask: Callable[[], T | None], *, within: float, what: str = "it") -> T:
    """Ask until the answer is a true one, and return it. Raises AssertionError after so many seconds."""
    deadline = time.monotonic() + within
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"{what} did not come true within {within:g} s"
        time.sleep(0.05)
    return answer
