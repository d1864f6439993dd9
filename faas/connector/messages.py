"""A message on its way to a function, and what the connector writes on it. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

# The broker ignores a client's own x-death, so attempts are counted in a header of ours.
ATTEMPTS = "x-attempts"
TOPIC = "x-topic"
LAST_ERROR = "x-last-error"
_LONGEST_REASON = 500
_EVENT_TYPE = "application/cloudevents+json"
_BATCH_TYPE = "application/cloudevents-batch+json"


@dataclass(frozen=True)
class Message:
    """`topic` is the routing key that it was first published with; `tag` is the delivery's, for its channel only."""

    topic: str
    id: str
    body: bytes
    content_type: str = "application/octet-stream"
    headers: Mapping[str, Any] = field(default_factory=dict)
    tag: int = 0

    @classmethod
    def delivered(
        cls,
        *,
        tag: int,
        routing_key: str,
        message_id: str | None,
        content_type: str | None,
        headers: Mapping[str, Any] | None,
        body: bytes,
    ) -> "Message":
        """Make one of what the broker delivers. Without an id its content is its id, the same at every delivery."""
        headers = dict(headers or {})
        topic = str(headers.get(TOPIC, routing_key))
        return cls(topic, message_id or _content_id(topic, body), body, content_type or cls.content_type, headers, tag)

    @classmethod
    def batch(cls, events: Sequence["Message"]) -> "Message":
        """Several events as one message, in CloudEvents' batched content mode."""
        topic = ",".join(sorted({event.topic for event in events}))
        body = b"[" + b",".join(event.body for event in events) + b"]"
        return cls(topic, _content_id(topic, body), body, _BATCH_TYPE)

    def events(self) -> list["Message"]:
        """The events of a batch, each as a message of its own from the same delivery; anything else is one."""
        if self.content_type != _BATCH_TYPE:
            return [self]
        try:
            return [self._event(event) for event in json.loads(self.body)] or [self]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return [self]

    @property
    def may_be_batched(self) -> bool:
        """Only events can be put together; one whose call has failed is called alone, to be no trouble to others."""
        return self.content_type == _EVENT_TYPE and not self.attempts

    @property
    def attempts(self) -> int:
        """How many calls have failed so far."""
        count = self.headers.get(ATTEMPTS, 0)
        return count if isinstance(count, int) else 0

    @property
    def sent_headers(self) -> dict[str, Any]:
        """The headers to publish it with: the routing key of a second publish is a queue, so the topic is kept here."""
        return {**self.headers, TOPIC: self.topic}

    def failed(self, reason: str) -> "Message":
        """The same message after one more failed call."""
        return self._with({ATTEMPTS: self.attempts + 1, LAST_ERROR: reason[:_LONGEST_REASON]})

    def dead(self, reason: str, *, function: str, at: datetime) -> "Message":
        """The same message as a dead letter that tells why it is one."""
        story = {"x-dead-reason": reason[:_LONGEST_REASON], "x-dead-function": function, "x-dead-at": at.isoformat()}
        return self._with({ATTEMPTS: self.attempts + 1, **story})

    def _event(self, event: Mapping[str, Any]) -> "Message":
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {**self.headers, "traceparent": event.get("traceparent")}
        return replace(self, id=str(event["id"]), body=body, content_type=_EVENT_TYPE, headers=headers)

    def _with(self, headers: Mapping[str, Any]) -> "Message":
        return replace(self, headers={**self.headers, **headers})


def _content_id(topic: str, body: bytes) -> str:
    return hashlib.sha256(topic.encode() + b"\n" + body).hexdigest()[:32]
