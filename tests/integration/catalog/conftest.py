"""A catalog with sellers."""

from collections.abc import Callable
from typing import Any

import pytest

from bookstore.accounts.tokens import issue_access_token
from bookstore.accounts.users import Account
from bookstore.clock import now
from bookstore.database import Connection
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
