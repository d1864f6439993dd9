"""What a handler is called with, in the types of OpenFaaS' python3-http template."""

import os
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.datastructures import EnvironHeaders, ImmutableMultiDict


class Event:
    """A request: `body` bytes, `headers` case-insensitive, `method`, `query` decoded, `path` decoded, from `/` on."""

    def __init__(self, environ: dict[str, Any], body: bytes) -> None:
        self._environ = environ
        self.body = body

    @cached_property
    def headers(self) -> EnvironHeaders:
        """The request's headers."""
        return EnvironHeaders(self._environ)

    @property
    def method(self) -> str:
        """The method in capitals."""
        return str(self._environ["REQUEST_METHOD"])

    @cached_property
    def query(self) -> ImmutableMultiDict[str, str]:
        """The query string; a missing key is the client's mistake (400)."""
        return ImmutableMultiDict(parse_qsl(self._environ.get("QUERY_STRING", ""), keep_blank_values=True))

    @cached_property
    def path(self) -> str:
        """The path."""
        return str(self._environ["PATH_INFO"]).encode("latin-1").decode("utf-8", "replace")


class Context:
    """Where the handler runs."""

    hostname = os.environ.get("HOSTNAME", "localhost")
