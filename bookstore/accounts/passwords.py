"""Passwords: hashed with Argon2id, a few at a time, and none that everybody would try first."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bookstore.errors import Unavailable

# OWASP's first choice for Argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Compared with when there is no account, so that the answer takes as long. Nobody knows its password.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$vU8WP4c2g5q6AvNVdngfLA$Zlv2EZRnbeXxnlEV5ZDmBwi9sHIWlDhmFFSplnip1Pw"
# Each takes 19 MiB and a core: more at once would only make all of them slow, or the function too big.
_SLOTS = BoundedSemaphore(2)
_PATIENCE_SECONDS = 10
_DIFFERENT_CHARACTERS = 4

UNUSABLE = "!"
"""In place of a hash: no password matches it."""


def hash_password(password: str) -> str:
    """Hash a new password; the text holds salt and parameters. Raises Unavailable when too many wait."""
    with _slot():
        return _HASHER.hash(_normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; None, for an account that does not exist, takes as long and is never it.

    Raises Unavailable when too many wait.
    """
    known = password_hash is not None and password_hash != UNUSABLE
    with _slot():
        try:
            return _HASHER.verify(password_hash if known and password_hash else _NOBODYS, _normal(password)) and known
        except (VerificationError, InvalidHashError):
            return False


def objection(password: str, own: Iterable[str | None] = ()) -> str | None:
    """Why a password would soon be guessed, or None; `own` is what the world knows of its owner."""
    folded = _normal(password).casefold()
    if folded in {known.casefold() for known in own if known}:
        return "must not be your e-mail address or name"
    if len(set(folded)) < _DIFFERENT_CHARACTERS:
        return "must have more different characters"
    if folded in _common() or _core(folded) in _common():
        return "is among the most common passwords: choose another"
    return None


def _normal(password: str) -> str:
    # Keyboards differ in how they send an accent.
    return unicodedata.normalize("NFKC", password)


def _core(folded: str) -> str:
    """Without the digits and signs that are put around a word to please a rule."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("# "))


@contextmanager
def _slot() -> Iterator[None]:
    if not _SLOTS.acquire(timeout=_PATIENCE_SECONDS):
        raise Unavailable("Too many people are signing in at this moment.", retry_after=2)
    try:
        yield
    finally:
        _SLOTS.release()
