"""HAProxy's own answers as `application/problem+json`, in the words of its configuration. Pure."""

from http import HTTPStatus

_BODY = '{"type":"about:blank","title":"%s","status":%d,"detail":"%s","request_id":"%%[var(txn.id)]"}'


def problem(status: int, detail: str) -> str:
    """The arguments of `http-request return` that answer with this problem; `detail` may hold `%[…]` expressions."""
    return f"status {status} {payload(status, detail)}"


def payload(status: int, detail: str) -> str:
    """The arguments of `http-error status <n>`, which come after the status."""
    body = _BODY % (_title(status), status, detail)
    return f"content-type application/problem+json lf-string '{body}'"


def _title(status: int) -> str:
    return {413: "Content Too Large"}.get(status, HTTPStatus(status).phrase)
