"""Calls are signed, so that a private function can tell the connector from anybody else."""

import hashlib
import hmac


def signed(body: bytes, *, event_id: str, at: int, key: str) -> dict[str, str]:
    """The headers that prove who sends `body` and when: HMAC-SHA256 over time (Unix seconds), id and body."""
    digest = hmac.new(key.encode(), f"{at}.{event_id}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Event-Id": event_id, "X-Event-Time": str(at), "X-Event-Signature": f"sha256={digest}"}
