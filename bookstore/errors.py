"""Everything that can go wrong for a caller, as one tree.

    BookstoreError
    ├── BadRequest (400)
    │   └── InvalidFields            one entry for each wrong field
    ├── Unauthorized (401)
    ├── PaymentRequired (402)
    ├── Forbidden (403)
    ├── NotFound (404)
    ├── Conflict (409)
    ├── PreconditionFailed (412)
    ├── UnsupportedMediaType (415)
    ├── Unprocessable (422)
    ├── PreconditionRequired (428)
    ├── TooManyRequests (429)
    └── Unavailable (503)

The function template turns each into an `application/problem+json` answer (RFC 9457).
"""

from collections.abc import Mapping, Sequence
from typing import Any


class BookstoreError(Exception):
    """A failure that the caller is told about: `str(error)` is the message for the person who reads it."""

    status = 500

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.extra: dict[str, Any] = extra
        self.errors: Sequence[Mapping[str, str]] = ()
        self.headers: dict[str, str] = {}


class BadRequest(BookstoreError):
    """The request cannot be understood."""

    status = 400


class InvalidFields(BadRequest):
    """Fields of the request are wrong; `errors` names all of them: `[{"field": …, "message": …}]`."""

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        names = ", ".join(dict.fromkeys(error["field"] or "the body" for error in errors))
        super().__init__(f"Not valid: {names}.")
        self.errors = errors

    @classmethod
    def one(cls, field: str, message: str) -> "InvalidFields":
        """The error for a single field."""
        return cls([{"field": field, "message": message}])


class Unauthorized(BookstoreError):
    """Nobody is signed in, or the token does not count."""

    status = 401

    def __init__(self, detail: str = "Sign in first: send a valid access token.") -> None:
        super().__init__(detail)
        self.headers = {"WWW-Authenticate": "Bearer"}


class PaymentRequired(BookstoreError):
    """The payment was declined."""

    status = 402


class Forbidden(BookstoreError):
    """The caller is known and may not do this."""

    status = 403


class NotFound(BookstoreError):
    """There is no such thing, or none that the caller may see."""

    status = 404


class Conflict(BookstoreError):
    """The present state does not allow it."""

    status = 409


class PreconditionFailed(BookstoreError):
    """The caller has seen an older version."""

    status = 412


class UnsupportedMediaType(BookstoreError):
    """The body is of another kind than the operation takes."""

    status = 415


class Unprocessable(BookstoreError):
    """The request is well formed and can never be carried out."""

    status = 422


class PreconditionRequired(BookstoreError):
    """`If-Match` is missing."""

    status = 428


class _RetryLater(BookstoreError):
    def __init__(self, detail: str, *, retry_after: int, **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.headers = {"Retry-After": str(retry_after)}


class TooManyRequests(_RetryLater):
    """A limit was reached; `retry_after` is in seconds."""

    status = 429


class Unavailable(_RetryLater):
    """Something the bookstore needs does not answer; `retry_after` is in seconds."""

    status = 503
