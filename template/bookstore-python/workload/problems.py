"""Errors as `application/problem+json` (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from werkzeug.exceptions import HTTPException

from workload.answers import Answer, json_bytes

_TITLES = {status.value: status.phrase for status in HTTPStatus}


def problem(status: int, detail: str, *, request_id: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
    """An error that the caller is told about."""
    told = {"type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status, "detail": detail, **more}
    told["request_id"] = request_id
    return Answer(status, [("Content-Type", "application/problem+json"), *(headers or {}).items()], json_bytes(told))


def problem_of(error: Exception, *, request_id: str) -> Answer | None:
    """The answer to an error that was meant for the caller: one with a `status`, or werkzeug's. None for any other."""
    status = error.code if isinstance(error, HTTPException) else getattr(error, "status", None)
    if not isinstance(status, int) or not 400 <= status <= 599:
        return None
    more = dict(getattr(error, "extra", None) or {})
    if errors := getattr(error, "errors", None):
        more["errors"] = list(errors)
    detail = str(error.description) if isinstance(error, HTTPException) else str(error)
    return problem(status, detail, request_id=request_id, headers=getattr(error, "headers", None), **more)
