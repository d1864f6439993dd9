"""From a connector's call to an event: what the handler of a function with a `topic` begins with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from bookstore.errors import Unprocessable
from bookstore.events.envelope import Event
from bookstore.events.payloads import check


class Request(Protocol):
    """The part of OpenFaaS' request event that is read here."""

    body: bytes


def event_of(request: Request) -> Event:
    """Read the event that the function was called with, its data checked against its type.

    Raises Unprocessable for anything else: calling again would not mend it, so the connector sets it aside.
    """
    with _setting_aside():
        event = Event.from_json(request.body)
        check(event)
    return event


def events_of(request: Request) -> list[Event]:
    """Read the events that a function with `com.openfaas.batch.size` was called with: one, or several as a batch.

    Raises Unprocessable like `event_of` when one of them is none; the connector then calls with each of them alone.
    """
    with _setting_aside():
        events = Event.all_from_json(request.body)
        for event in events:
            check(event)
    return events


@contextmanager
def _setting_aside() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise Unprocessable(f"Not an event of the bookstore: {error}") from error
