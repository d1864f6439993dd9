"""Private functions: only who holds the event-signing key may call them."""

import hashlib
import hmac
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

KEY_FILE = Path("/var/openfaas/secrets/event-signing-key")
_TOLERANCE_SECONDS = 300


@cache
def signing_key() -> bytes | None:
    """The key that calls are signed with; None makes the function callable by anybody."""
    return KEY_FILE.read_text().strip().encode() if KEY_FILE.is_file() else None


def signed(headers: Mapping[str, str], body: bytes, key: bytes) -> bool:
    """Whether a call carries a fresh signature of its body: HMAC-SHA256 over "{time}.{id}." and the body."""
    moment, event_id = headers.get("X-Event-Time", ""), headers.get("X-Event-Id", "")
    if not moment.isascii() or not moment.isdecimal() or abs(time.time() - int(moment)) > _TOLERANCE_SECONDS:
        return False
    expected = hmac.new(key, f"{moment}.{event_id}.".encode() + body, hashlib.sha256).hexdigest()
    given = headers.get("X-Event-Signature", "").removeprefix("sha256=")
    return hmac.compare_digest(expected.encode(), given.encode())
