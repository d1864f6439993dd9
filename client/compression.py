"""Pages go out compressed to browsers that take it: a list of books shrinks to a sixth."""

import secrets
from gzip import GzipFile
from io import BytesIO

from flask import Flask, Response, request

SMALLEST = 1024  # bytes: below, the header eats what is won
LEVEL = 6
KINDS = {"text/html", "image/svg+xml"}
# Nobody can tell from a page's size how much of a secret in it was guessed right: each is longer by a random name.
LONGEST_NAME = 100


def register(app: Flask) -> None:
    """Compress what is worth it."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress a page or a picture, unless the browser does not ask for it or it is short."""
    if response.mimetype not in KINDS or response.is_streamed or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if len(content) >= SMALLEST and request.accept_encodings["gzip"]:
        response.set_data(_packed(content))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _packed(content: bytes) -> bytes:
    packed = BytesIO()
    with GzipFile("x" * secrets.randbelow(LONGEST_NAME), "wb", LEVEL, packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()
