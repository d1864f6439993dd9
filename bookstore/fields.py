"""What the models of all domains' APIs have in common."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails


class Input(BaseModel):
    """Something that a caller sends: types are not guessed, unknown fields are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Nothing(Input):
    """A query or body with nothing to say."""


def _whole(value: Any) -> Any:
    """JSON does not tell 2 from 2.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]
"""An integer, however JSON writes it; text and booleans are not taken for one."""

ID = r"[A-Za-z0-9_-]{1,64}"
Id = Annotated[str, StringConstraints(pattern=f"^{ID}$")]
"""The id of anything."""

Limit = Annotated[int, Field(ge=1, le=100)]
"""How many items a page has at most."""

Timestamp = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A moment in UTC, as RFC 3339 writes it."""


class PageQuery(Input):
    """A page of a list; `cursor` is the last answer's `next_cursor`."""

    cursor: Id | None = None
    limit: Limit = 20


class NumberedQuery(Input):
    """A page of a list that is in the order of its rows' numbers."""

    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")] | None = None
    limit: Limit = 20


def reasons(error: ValidationError) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Where each wrong field of an input stands, and what is wrong with it, in words for whoever sent it."""
    for found in error.errors(include_url=False):
        text = _text(found).removeprefix("Value error, ")
        yield found["loc"], text[:1].lower() + text[1:]


def _text(found: ErrorDetails) -> str:
    # Of a text that was looked at before it is counted, pydantic says that it has items.
    if found["type"] == "too_long" and isinstance(found["input"], str):
        return f"String should have at most {found['ctx']['max_length']} characters"
    return found["msg"].replace("Extra inputs are not permitted", "is not known here")
