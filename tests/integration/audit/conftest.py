"""A bookshop on fresh databases of all domains."""

from collections.abc import Iterator

import pytest

from bookstore.database import Connection
from bookstore.orders.settings import settings
from tests.integration.audit.bookshop import Bookshop
from tests.integration.orders.market import Market


@pytest.fixture
def bookshop(
    accounts_db: Connection, catalog_db: Connection, orders_db: Connection, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bookshop]:
    """An empty shop that takes a tax on top, so that every amount has to be rounded."""
    for name, value in (("PAYMENT_LATENCY_MS", "0"), ("TAX_BASIS_POINTS", "825"), ("TAX_INCLUDED", "0")):
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield Bookshop(Market(orders_db))
    settings.cache_clear()
