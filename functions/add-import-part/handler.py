"""PUT /api/imports/{id}/parts/{number}: a part of a file, as it is."""

from bookstore.catalog.imports.imports import add_part
from bookstore.events.envelope import trace_of
from bookstore.fields import ID, Nothing
from bookstore.requests import path_parameters, query, signed_in


def handle(event, context):
    seller = signed_in(event)
    query(event, Nothing)
    import_id, number = path_parameters(event, ID, "[0-9]{1,4}")
    sent = add_part(import_id, int(number), event.body, seller=seller, trace=trace_of(event.headers))
    return {"body": sent.to_json()}
