"""The envelope of every event: CloudEvents 1.0 in structured JSON."""

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError

from bookstore.clock import now, rfc3339
from bookstore.ids import new_id

T = TypeVar("T")
CONTENT_TYPE = "application/cloudevents+json"
BATCH_CONTENT_TYPE = "application/cloudevents-batch+json"

_DOMAIN_OF = {
    "user": "accounts",
    "book": "catalog",
    "import": "catalog",
    "wish": "catalog",
    "stock": "orders",
    "order": "orders",
    "catalog": "catalog",
    "orders": "orders",
}
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


class _Attributes(BaseModel):
    specversion: Literal["1.0"]
    id: str = Field(min_length=1, max_length=64, pattern=r"^[!-~]+$")
    type: str
    subject: str
    aggregateversion: int = Field(ge=1)
    time: AwareDatetime
    traceparent: str = ""
    data: dict[str, Any]


_ONE, _BATCH = TypeAdapter(_Attributes), TypeAdapter(list[_Attributes])


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to one aggregate. `type` is the routing key, `subject` the aggregate's id.

    `version` is the aggregate's version after the change, so that a consumer can tell an older event from a newer one;
    `trace` is the W3C traceparent of the request that caused it, or empty.
    """

    type: str
    subject: str
    version: int
    data: Mapping[str, Any]
    trace: str = ""
    id: str = field(default_factory=new_id)
    time: datetime = field(default_factory=now)

    def to_json(self) -> bytes:
        """Write the event as CloudEvents' structured JSON, in UTF-8."""
        attributes = {
            "specversion": "1.0",
            "id": self.id,
            "source": f"/bookstore/{_DOMAIN_OF[self.type.partition('.')[0]]}",
            "type": self.type,
            "subject": self.subject,
            "time": rfc3339(self.time),
            "datacontenttype": "application/json",
            "aggregateversion": self.version,
            **({"traceparent": self.trace} if self.trace else {}),
            "data": self.data,
        }
        return json.dumps(attributes, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, text: bytes | str) -> "Event":
        """Read what `to_json` wrote. Raises ValueError, naming the attributes, for anything else."""
        return cls._of(_read(_ONE, text))

    @classmethod
    def all_from_json(cls, text: bytes | str) -> "list[Event]":
        """Read one event, or a batch: an array of them. Raises ValueError, naming the attributes, for anything else."""
        if text[:1] not in (b"[", "["):
            return [cls.from_json(text)]
        return [cls._of(found) for found in _read(_BATCH, text)]

    @classmethod
    def _of(cls, found: _Attributes) -> "Event":
        return cls(
            type=found.type,
            subject=found.subject,
            version=found.aggregateversion,
            data=found.data,
            trace=found.traceparent,
            id=found.id,
            time=found.time,
        )


def _read(what: TypeAdapter[T], text: bytes | str) -> T:
    try:
        return what.validate_json(text)
    except ValidationError as error:
        raise ValueError(told(error)) from None


def newest(events: Iterable[Event]) -> list[Event]:
    """The newest event of each aggregate, by the aggregate's id, so that all who lock several do so in one order."""
    found: dict[str, Event] = {}
    for event in events:
        if event.subject not in found or event.version > found[event.subject].version:
            found[event.subject] = event
    return [found[subject] for subject in sorted(found)]


def trace_of(headers: Mapping[str, str]) -> str:
    """The traceparent that a request came with; without a valid one, a new one whose trace id is the request's id."""
    given = headers.get("traceparent", "")
    if _TRACEPARENT.fullmatch(given):
        return given
    request_id = headers.get("X-Call-Id", "").replace("-", "").lower()
    trace_id = request_id if re.fullmatch(r"(?!0{32})[0-9a-f]{32}", request_id) else secrets.token_hex(16)
    return f"00-{trace_id}-{secrets.token_hex(8)}-01"


def told(error: ValidationError) -> str:
    """Say which attributes are wrong and why, without the values: they may be anybody's data."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, item['loc'])) or 'event'}: {item['msg']}" for item in found)
