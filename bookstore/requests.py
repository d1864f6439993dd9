"""From an OpenFaaS request to the domain's input: who asks, for what, with which body."""

import re
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from bookstore.errors import (
    BadRequest,
    Forbidden,
    InvalidFields,
    NotFound,
    PreconditionRequired,
    Unauthorized,
    UnsupportedMediaType,
)
from bookstore.fields import ID, reasons
from bookstore.identity import User, verify

M = TypeVar("M", bound=BaseModel)
# What comes behind the stock is not looked at: a rating changes without its seller.
_ETAG = re.compile(r'(?:W/)?"(\d{1,18})(?:-(\d{1,18})(?:-[\d.-]{1,40})?)?"')
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Query(Protocol):
    """The decoded query string, as werkzeug's MultiDict has it."""

    def lists(self) -> Any:
        """Pairs of a name and all its values."""


class Event(Protocol):
    """What a function is called with: the `event` of OpenFaaS' python3-http template."""

    body: bytes
    headers: Mapping[str, str]
    query: Query
    path: str


def signed_in(event: Event, role: str | None = None) -> User:
    """Who the access token says is asking.

    Raises Unauthorized without a valid token, and Forbidden when the user does not have `role`.
    """
    scheme, _, token = event.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized
    user = verify(token.strip())
    if role is not None and user.role != role:
        raise Forbidden(f"Only a user with the role {role!r} may do this.")
    return user


def body(event: Event, model: type[M]) -> M:
    """Read the body, a JSON object, into a model.

    Raises UnsupportedMediaType, BadRequest for broken JSON, and InvalidFields naming every wrong field.
    """
    media_type = event.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType("Send the body as Content-Type: application/json.")
    try:
        return model.model_validate_json(event.body)
    except ValidationError as error:
        raise _problems(error) from error


def optional_body(event: Event, model: type[M]) -> M:
    """Read the body like `body`; no body at all counts as `{}`."""
    return body(event, model) if event.body else model()


def query(event: Event, model: type[M]) -> M:
    """Read the query string into a model; a parameter may be given once.

    Raises InvalidFields for unknown, repeated and wrong parameters.
    """
    given = dict(event.query.lists())
    repeated = [name for name, values in given.items() if len(values) > 1]
    if repeated:
        raise InvalidFields([{"field": name, "message": "is given more than once"} for name in repeated])
    try:
        return model.model_validate({name: values[0] for name, values in given.items()}, strict=False)
    except ValidationError as error:
        raise _problems(error) from error


def path_parameters(event: Event, *patterns: str) -> list[str]:
    """The parameters in the path, each of which must look like its pattern. Raises NotFound."""
    found = event.path.strip("/").split("/")
    if len(found) != len(patterns) or not all(map(re.fullmatch, patterns, found)):
        raise NotFound("There is nothing with this id.")
    return found


def path_id(event: Event) -> str:
    """The id in the path, the function's only path parameter."""
    return path_parameters(event, ID)[0]


def if_match(event: Event) -> tuple[int, int | None]:
    """The version and the stock that the caller has seen, from `If-Match: "7-12"`; the stock may be left out.

    Raises PreconditionRequired without the header and InvalidFields for `*` or anything that is no ETag of ours.
    """
    header = event.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired("Send If-Match with the ETag that you have read.")
    found = _ETAG.fullmatch(header.strip())
    if not found:
        raise InvalidFields.one("If-Match", 'must be the ETag of the book as read, such as "7-12"')
    return int(found[1]), None if found[2] is None else int(found[2])


def idempotency_key(event: Event) -> str:
    """The key under which a repeated request counts once: 1 to 255 visible ASCII characters.

    Raises InvalidFields when it is missing or not of this form.
    """
    key = event.headers.get("Idempotency-Key")
    if key is None:
        raise InvalidFields.one("Idempotency-Key", "is required: send a new random key with every new request")
    if not _KEY.fullmatch(key):
        raise InvalidFields.one("Idempotency-Key", "must be 1 to 255 visible ASCII characters")
    return key


def _problems(error: ValidationError) -> BadRequest:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return BadRequest(f"The body is not valid JSON: {first['msg'].removeprefix('Invalid JSON: ')}.")
    return InvalidFields([{"field": _field(where), "message": why} for where, why in reasons(error)])


def _field(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")
