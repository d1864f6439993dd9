"""Many things done one by one, each apart from the others: one that cannot be done holds up no other."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from bookstore.database import ConnectionLost

T = TypeVar("T")
_log = logging.getLogger(__name__)


def each_apart(things: Iterable[T], do: Callable[[T], int]) -> tuple[int, int]:
    """Do something with each thing; return the sum of what it came to, and for how many things it failed.

    Those are named in the log. Raises ConnectionLost, which is about all of them.
    """
    done, failed = 0, 0
    for thing in things:
        try:
            done += do(thing)
        except ConnectionLost:
            raise
        # Whatever else goes wrong is about this one alone: the others need not wait for it.
        except Exception:
            failed += 1
            _log.exception("not done, and tried again next time: %s", thing)
    return done, failed
