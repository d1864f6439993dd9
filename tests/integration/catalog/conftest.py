"""A catalog with sellers."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bookstore.accounts.tokens import issue_access_token
from bookstore.accounts.users import Account
from bookstore.catalog.index.feeder import every_book
from bookstore.catalog.index.store import Store
from bookstore.catalog.models import BooksQuery, SuggestionsQuery
from bookstore.catalog.search import lists
from bookstore.catalog.search.database import DatabaseIndex
from bookstore.catalog.search.index import Found, Suggested
from bookstore.clock import now
from bookstore.database import Connection, connect
from bookstore.secrets import secret
from tests.handlers import Answer, call

Listing = Callable[..., Answer]
EMMA = {"title": "Emma", "authors": ["Jane Austen"], "price_cents": 1299, "stock": 10}


def token_of(name: str, role: Any = "user") -> str:
    """An access token of somebody whose id is their name."""
    return issue_access_token(Account(name, f"{name}@example.com", name.title(), role, "", now()), at=now())


@pytest.fixture
def sam(catalog_db: Connection) -> str:
    """A seller's token."""
    return token_of("sam")


@pytest.fixture
def sue(catalog_db: Connection) -> str:
    """Another seller's token."""
    return token_of("sue")


@pytest.fixture
def list_book(sam: str) -> Listing:
    """Puts a book on sale, Sam's if nobody else is named."""

    def create(token: str = sam, **changes: Any) -> Answer:
        return call(
            "create-book", {name: value for name, value in (EMMA | changes).items() if value != ...}, token=token
        )

    return create


class FreshIndex:
    """The index as it is once it has caught up, which takes no time here."""

    def __init__(self, store: Store, db: Connection) -> None:
        self._store, self._db = store, db

    def find(self, query: BooksQuery) -> Found:
        """Build, then ask."""
        return self._built().find(query)

    def suggest(self, query: SuggestionsQuery) -> Suggested:
        """Build, then ask."""
        return self._built().suggest(query)

    def _built(self) -> Any:
        self._store.build(every_book(self._db))
        return self._store.current


@pytest.fixture
def indexes(catalog_db: Connection, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Everything that may stand behind a search, by the name that its answers bear."""
    with closing(connect(secret("catalog-search-db"))) as db:
        yield {"database": DatabaseIndex(), "index": FreshIndex(Store(tmp_path), db)}


@pytest.fixture(params=["database", "index"])
def answering(request: pytest.FixtureRequest, indexes: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """Who answers searches in this test."""
    name = str(request.param)
    monkeypatch.setattr(lists, "search_index", lambda: indexes[name])
    return name


@pytest.fixture(name="now")
def this_moment() -> datetime:
    """The present time."""
    return now()
