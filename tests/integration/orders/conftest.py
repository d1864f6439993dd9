"""The market of these stories, on a fresh database; whatever a story does, its books must balance at the end."""

from collections.abc import Iterator

import pytest

from bookstore.database import Connection
from bookstore.orders.settings import settings
from tests.integration.orders.market import Market


@pytest.fixture
def market(orders_db: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Market]:
    monkeypatch.setenv("PAYMENT_LATENCY_MS", "0")
    settings.cache_clear()
    shop = Market(orders_db)
    yield shop
    assert shop.imbalances() == []
    settings.cache_clear()


@pytest.fixture
def taxed(market: Market, monkeypatch: pytest.MonkeyPatch) -> Market:
    """The market with a tax of 8.25 % on top of all prices."""
    monkeypatch.setenv("TAX_BASIS_POINTS", "825")
    monkeypatch.setenv("TAX_INCLUDED", "0")
    settings.cache_clear()
    return market
