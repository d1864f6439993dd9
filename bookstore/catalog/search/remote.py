"""The search service, asked over HTTP: `python -m bookstore.catalog.index` answers."""

import os
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from pydantic import BaseModel

from bookstore.catalog.models import BooksQuery, SuggestionsQuery
from bookstore.catalog.search.index import Found, IndexAway, Suggested, cursor_of
from bookstore.catalog.search.kept import Kept, KeptQuery

_ANSWER_SECONDS = 3.0
_AWAY_SECONDS = 2.0


def search_service() -> "RemoteIndex":
    """The service at SEARCH_URL, http://search:9105 unless set."""
    return RemoteIndex(os.environ.get("SEARCH_URL", "http://search:9105"))


class RemoteIndex:
    """Asks the service on a connection for each thread.

    While the service is away one question every two seconds tries it; the others are not held up.
    """

    def __init__(
        self, url: str, clock: Callable[[], float] = time.monotonic, *, timeout: float = _ANSWER_SECONDS
    ) -> None:
        self._host, self._clock, self._timeout = urlsplit(url).netloc, clock, timeout
        self._try_again_at = 0.0
        self._of_this_thread = threading.local()

    def find(self, query: BooksQuery) -> Found:
        """The books that fit. Raises IndexAway, and InvalidFields for a cursor of another order."""
        cursor_of(query)
        return Found.model_validate_json(self._ask("/find", query))

    def suggest(self, query: SuggestionsQuery) -> Suggested:
        """Titles and names that somebody may be typing. Raises IndexAway."""
        return Suggested.model_validate_json(self._ask("/suggest", query))

    def kept(self, query: KeptQuery) -> Kept:
        """What there is of some books, to be compared with them. Raises IndexAway."""
        return Kept.model_validate_json(self._ask("/kept", query))

    def _ask(self, path: str, question: BaseModel) -> bytes:
        if self._try_again_at:
            if self._clock() < self._try_again_at:
                raise IndexAway
            # Others do not try at the same time.
            self._try_again_at = self._clock() + _AWAY_SECONDS
        try:
            answer = self._post(path, question.model_dump_json(exclude_defaults=True).encode())
        except (OSError, HTTPException, IndexAway) as error:
            self._try_again_at = self._clock() + _AWAY_SECONDS
            raise IndexAway from error
        self._try_again_at = 0.0
        return answer

    def _post(self, path: str, body: bytes) -> bytes:
        kept: HTTPConnection | None = getattr(self._of_this_thread, "connection", None)
        if kept:
            try:
                return self._send(kept, path, body)
            except TimeoutError:
                raise
            except (OSError, HTTPException):
                # The service ends connections that nobody uses, and all of them when it starts anew.
                pass
        self._of_this_thread.connection = HTTPConnection(self._host, timeout=self._timeout)
        return self._send(self._of_this_thread.connection, path, body)

    def _send(self, connection: HTTPConnection, path: str, body: bytes) -> bytes:
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            with connection.getresponse() as answer:
                text = answer.read()
        except (OSError, HTTPException):
            connection.close()
            raise
        if answer.status != HTTPStatus.OK:
            raise IndexAway(text.decode(errors="replace"))
        return text
