"""Answers to reads that anybody may make: who has one need not be sent it, and for a moment all may share one."""

import hashlib
import json
import re
from typing import Any

from bookstore.requests import Event

A_MOMENT = "public, max-age=0, s-maxage=1"
"""Whoever asks within a second after somebody else is given the same by the gateway, and nobody keeps it longer."""
AN_HOUR = "public, max-age=3600, s-maxage=60"
"""For what changes with a release only."""


def public(event: Event, body: Any, *, etag: str = "", cache: str = A_MOMENT, **headers: str) -> dict[str, Any]:
    """What a function returns for a public read: the body, or 304 without it to who says that they have it.

    Without an `etag` the body, JSON then, makes one. Underscores in the names of `headers` stand for hyphens.
    """
    tag = etag or _digest(body)
    told = {"ETag": tag, "Cache-Control": cache, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if known(tag, event.headers.get("If-None-Match")):
        return {"statusCode": 304, "body": "", "headers": told}
    return {"body": body, "headers": told}


def known(etag: str, if_none_match: str | None) -> bool:
    """Whether the sender of an `If-None-Match` header has what this ETag stands for."""
    tags = re.findall(r'"[^"]*"', if_none_match or "")
    return etag in tags or (if_none_match or "").strip() == "*"


def _digest(body: Any) -> str:
    return f'"{hashlib.blake2b(json.dumps(body).encode(), digest_size=12).hexdigest()}"'
