"""As little work as a function can do."""

from typing import Any


def handle(event: Any, _context: Any) -> dict[str, Any]:
    """Answer with what came."""
    return {"body": event.body, "headers": {"Content-Type": "text/plain"}}
