"""GET /api/books/{id}/cover: the cover that a seller put on a listing, unless the reader has it."""

from bookstore.catalog.covers import CoverQuery, get_cover
from bookstore.reads import known
from bookstore.requests import path_id, query


def handle(event, context):
    cover = get_cover(path_id(event), query(event, CoverQuery))
    if known(cover.headers["ETag"], event.headers.get("If-None-Match")):
        return {"statusCode": 304, "body": "", "headers": cover.headers}
    return {"body": cover.content, "headers": cover.headers}
