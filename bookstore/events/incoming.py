"""From a connector's call to an event: what the handler of a function with a `topic` begins with."""

from collections.abc import Callable, Mapping
from typing import Protocol

from bookstore.errors import Unprocessable
from bookstore.events.envelope import BATCH_CONTENT_TYPE, Event
from bookstore.events.payloads import check


class Request(Protocol):
    """The part of OpenFaaS' request event that is read here."""

    body: bytes
    headers: Mapping[str, str]


def event_of(request: Request) -> Event:
    """Read the event that the function was called with, its data checked against its type.

    Raises Unprocessable for anything else: calling again would not mend it, so the connector sets it aside.
    """
    return _read(lambda: [Event.from_json(request.body)])[0]


def events_of(request: Request) -> list[Event]:
    """Read the events that a function with `com.openfaas.batch.size` was called with: one, or several as a batch.

    Raises Unprocessable like `event_of` when one of them is none; the connector then calls with each of them alone.
    """
    if request.headers.get("Content-Type") == BATCH_CONTENT_TYPE:
        return _read(lambda: Event.all_from_json(request.body))
    return [event_of(request)]


def _read(read: Callable[[], list[Event]]) -> list[Event]:
    try:
        events = read()
        for event in events:
            check(event)
    except ValueError as error:
        raise Unprocessable(f"Not an event of the bookstore: {error}") from error
    return events
