"""Every minute: tell the next readers of copies that those told before them have not bought."""

from bookstore.catalog.waiting import tell_waiting
from bookstore.events.envelope import trace_of


def handle(event, context):
    return {"body": {"told": tell_waiting(trace=trace_of(event.headers))}}
